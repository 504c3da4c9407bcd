"use client";

import { CircleCheck, Maximize2, Minimize2, SquareTerminal, TriangleAlert, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { PodLogViewer } from "#components/live/log/pod-log-viewer.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Dot } from "#components/ui/dot.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { ProblemAlert, type ProblemView } from "#components/ui/problem.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { LivePlace } from "#lib/live/client.ts";
import type { LiveDto } from "#lib/live/schema.ts";
import type { PodView } from "#lib/rollouts/schema.ts";
import { EventWords } from "./event-words.tsx";
import { shortDigests } from "./live-model.ts";
import { podState } from "./pod-state.ts";

export type PodEvent = LiveDto["targets"][number]["events"][number];

/** Events of one pod that are shown; the newest. */
const SHOWN = 8;

function Events({ events }: { events: PodEvent[] }) {
  const t = useTranslations("live.panel");
  return (
    <section>
      <h3 className="flex min-h-9 items-center gap-2 border-y border-line px-3.5 font-semibold">
        {t("events")} <span className="font-normal text-fg-3">{events.length}</span>
      </h3>
      {events.length === 0 && <p className="px-3.5 py-2.5 text-fg-2">{t("noEvents")}</p>}
      <ul>
        {events.slice(0, SHOWN).map((event) => {
          const warning = event.type === "Warning";
          return (
            <li
              key={`${event.at} ${event.reason} ${event.message}`}
              className="grid grid-cols-[15px_minmax(0,1fr)_max-content] gap-x-2.5 gap-y-0.5 border-b border-line px-3.5 py-1.5 last:border-0"
            >
              {warning ? (
                <TriangleAlert aria-hidden className="mt-0.5 text-wait" />
              ) : (
                <CircleCheck aria-hidden className="mt-0.5 text-fg-3" />
              )}
              <EventWords event={event} />
              <span className="text-fg-3">{event.at !== null && <ExactTime at={event.at} />}</span>
              <span className="col-span-2 col-start-2 text-sm break-words text-fg-2">
                {shortDigests(event.message)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Why there is no log. The reader got here through the project, so what is missing is the pod: replaced, its log gone. */
function NoLog({ problem }: { problem: ProblemView }) {
  const t = useTranslations("live.panel");
  if (problem.code !== "NOT_FOUND") return <ProblemAlert problem={problem} className="m-3" />;
  return (
    <Banner kind="idle" title={t("gone")} className="m-3">
      {t("goneText")}
    </Banner>
  );
}

/** One pod beside the page: how it is, its container's log (of the run before while it crashes), its events. */
export function PodPanel({
  place,
  cluster,
  namespace,
  pod,
  containers = [],
  events,
  onClose,
  wide,
  onWide,
  foot,
}: {
  place: LivePlace;
  cluster: string;
  namespace: string;
  pod: PodView;
  /** Its containers by name, where they are known. */
  containers?: string[];
  events: PodEvent[];
  onClose: () => void;
  /** Whether it has the page's whole width; left out where it cannot have it. */
  wide?: boolean;
  onWide?: (wide: boolean) => void;
  foot?: ReactNode;
}) {
  const t = useTranslations("live.panel");
  const choice = {
    pod: pod.name,
    cluster,
    namespace,
    ...(pod.container === null ? {} : { container: pod.container }),
  };
  return (
    <aside
      aria-label={pod.name}
      className="flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <header className="flex flex-col gap-1 border-b border-line px-3.5 py-2.5">
        <div className="flex min-w-0 items-center gap-2">
          <SquareTerminal aria-hidden className="text-fg-3" />
          <Copyable text={pod.name} className="font-semibold" />
          <span className="ml-auto flex">
            {onWide !== undefined && (
              <IconButton
                size="small"
                className="max-xl:hidden"
                label={t(wide ? "narrower" : "wider")}
                icon={wide ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
                onClick={() => onWide(!wide)}
              />
            )}
            <IconButton size="small" label={t("close")} icon={<X aria-hidden />} onClick={onClose} />
          </span>
        </div>
        <div className="flex flex-wrap items-center gap-x-2 text-fg-2">
          <StateBadge state={podState(pod.state)} text={pod.reason ?? t(`pod.${pod.state}`)} />
          <Dot />
          <span>{t("restarts", { count: pod.restarts })}</span>
          <Dot />
          <span>{cluster}</span>
          {pod.node !== null && (
            <>
              <Dot />
              <span>{t("node", { node: pod.node })}</span>
            </>
          )}
          {pod.digest !== null && (
            <>
              <Dot />
              <ArtifactLink digest={pod.digest} />
            </>
          )}
        </div>
      </header>
      <PodLogViewer
        className="h-[clamp(320px,60dvh,720px)] rounded-none border-0"
        place={place}
        pod={choice}
        containers={containers}
        crashed={pod.state === "failing"}
        runs={pod.restarts}
        problem={(problem) => <NoLog problem={problem} />}
      />
      <Events events={events.filter(({ object }) => object === `Pod ${pod.name}`)} />
      {foot !== undefined && <footer className="border-t border-line px-3.5 py-2.5">{foot}</footer>}
    </aside>
  );
}
