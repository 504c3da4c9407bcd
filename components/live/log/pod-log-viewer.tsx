"use client";

import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { LogToggle } from "#components/ui/log/log-toggle.tsx";
import { LogView } from "#components/ui/log/log-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { type LivePlace, type LogChoice, podLogUrl } from "#lib/live/client.ts";
import { type PodLog, usePodLog } from "./use-pod-log.ts";

const SINCE = { m5: 300, h1: 3600, all: undefined } as const;
type Since = keyof typeof SINCE;

/**
 * The log of a pod's container as long as it is: which container and run, since when; what would push out what somebody
 * reads waits.
 */
export function PodLogViewer({
  place,
  pod,
  containers,
  crashed,
  runs,
  problem,
  className,
}: {
  place: LivePlace;
  pod: Pick<LogChoice, "pod" | "cluster" | "namespace" | "container">;
  containers: readonly string[];
  /** It opens on the run that failed. */
  crashed: boolean;
  /** How many runs there were before this one. */
  runs: number;
  /** Shows why there is no log. */
  problem: (problem: NonNullable<PodLog["problem"]>) => ReactNode;
  className?: string;
}) {
  const t = useTranslations("live.log");
  const [container, setContainer] = useState(pod.container);
  const [previous, setPrevious] = useState(crashed && runs > 0);
  const [since, setSince] = useState<Since>(crashed ? "all" : "h1");
  const held = useRef(false);

  const choice = { ...pod, ...(container === undefined ? {} : { container }), previous };
  const shown = { since: SINCE[since], timestamps: true, follow: !previous };
  const state = usePodLog(`${podLogUrl(place, choice, shown)}#${runs}`, held);
  const { log } = state;
  const named = containers.length > 0 ? containers : container === undefined ? [] : [container];
  return (
    <LogView
      // Another container or run is another log; what was typed and chosen for the view stays.
      log={log}
      version={state.version}
      live={state.open && !previous}
      settled={!state.open}
      // A run that ended, too, opens at its end: there stands why.
      startsAtEnd
      startsFiltered
      timed
      held={held}
      label={t("logOf", { pod: pod.pod })}
      downloadHref={podLogUrl(place, choice, { since: SINCE[since], download: true })}
      className={className}
      body={state.problem === null ? undefined : problem(state.problem)}
      tools={
        <>
          {named.length > 1 && (
            <Select
              small
              className="w-36"
              label={t("container")}
              value={container ?? null}
              onChange={setContainer}
              options={named.map((name) => ({ value: name, label: name }))}
            />
          )}
          <Segmented
            label={t("since")}
            value={since}
            onChange={setSince}
            options={[
              { value: "m5", label: t("m5") },
              { value: "h1", label: t("h1") },
              { value: "all", label: t("all") },
            ]}
          />
          <LogToggle
            icon={<History aria-hidden />}
            label={t("previous")}
            worded
            pressed={previous}
            disabled={runs === 0}
            title={runs === 0 ? t("noPrevious") : undefined}
            onClick={() => setPrevious(!previous)}
          />
        </>
      }
      empty={
        <p className="text-fg-3">
          {t(state.open ? "waiting" : "empty")}
          {since !== "all" && (
            <Button kind="quiet" size="small" className="ml-2" onClick={() => setSince("all")}>
              {t("showAll")}
            </Button>
          )}
        </p>
      }
    />
  );
}
