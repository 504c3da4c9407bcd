"use client";

import {
  ArrowDown,
  ArrowDownToLine,
  Clock3,
  Download,
  Filter,
  History,
  Pause,
  Regex,
  WrapText,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { cx } from "#components/ui/cx.ts";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { type LivePlace, type LogChoice, podLogUrl } from "#lib/live/client.ts";
import { LogRows, type Rows } from "./log-rows.tsx";
import { LogToggle } from "./log-toggle.tsx";
import { useLogFilter } from "./use-log-filter.ts";
import { type PodLog, usePodLog } from "./use-pod-log.ts";

const SINCE = { m5: 300, h1: 3600, all: undefined } as const;
type Since = keyof typeof SINCE;
const MIB = 1024 * 1024;

/**
 * The log of a pod's container as long as it is: which container and run, since when, only lines that match, wrap, times,
 * follow, download. Follow stops when the reader scrolls up; what would push out what they read waits.
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
  const [text, setText] = useState("");
  const [regex, setRegex] = useState(false);
  const [wrap, setWrap] = useState(true);
  const [timed, setTimed] = useState(true);
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const held = useRef(false);
  held.current = pausedAt !== null;

  const choice = { ...pod, ...(container === undefined ? {} : { container }), previous };
  const shown = { since: SINCE[since], timestamps: true, follow: !previous };
  const state = usePodLog(`${podLogUrl(place, choice, shown)}#${runs}`, held);
  const { log } = state;
  const { filter, invalid } = useLogFilter(state, text, regex);
  const rows: Rows =
    filter === null
      ? {
          first: log.first,
          end: log.end,
          at: (line) => (line >= log.first && line < log.end ? { line, match: null } : null),
        }
      : { first: filter.first, end: filter.end, at: (at) => filter.at(at) ?? null };
  const live = state.open && !previous;
  // A run that ended, too, opens at its end: there stands why.
  const following = pausedAt === null;
  const leave = () => setPausedAt((at) => at ?? log.end);
  const named = containers.length > 0 ? containers : container === undefined ? [] : [container];
  return (
    <div className={cx("log", className)}>
      <div className="log-tools">
        <span className="flex min-w-36 max-w-72 flex-1 items-center gap-1">
          <Input
            small
            mono
            icon={<Filter aria-hidden />}
            aria-label={t("filter")}
            placeholder={t("filter")}
            aria-invalid={invalid}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <button
            type="button"
            className="toggle"
            aria-pressed={regex}
            aria-label={t("regex")}
            title={t("regex")}
            onClick={() => setRegex(!regex)}
          >
            <Regex aria-hidden />
          </button>
        </span>
        {named.length > 1 && (
          <Select
            small
            className="w-36"
            label={t("container")}
            value={container ?? null}
            onChange={(name) => {
              setContainer(name);
              setPausedAt(null);
            }}
            options={named.map((name) => ({ value: name, label: name }))}
          />
        )}
        <Segmented
          label={t("since")}
          value={since}
          onChange={(next) => {
            setSince(next);
            setPausedAt(null);
          }}
          options={[
            { value: "m5", label: t("m5") },
            { value: "h1", label: t("h1") },
            { value: "all", label: t("all") },
          ]}
        />
        <span className="ml-auto flex flex-wrap items-center gap-0.5">
          <LogToggle
            icon={<History aria-hidden />}
            label={t("previous")}
            worded
            pressed={previous}
            disabled={runs === 0}
            title={runs === 0 ? t("noPrevious") : undefined}
            onClick={() => {
              setPrevious(!previous);
              setPausedAt(null);
            }}
          />
          <LogToggle
            icon={<Clock3 aria-hidden />}
            label={t("times")}
            pressed={timed}
            onClick={() => setTimed(!timed)}
          />
          <LogToggle
            icon={<WrapText aria-hidden />}
            label={t("wrap")}
            pressed={wrap}
            onClick={() => setWrap(!wrap)}
          />
          {!previous && (
            <LogToggle
              icon={<ArrowDownToLine aria-hidden />}
              label={t("follow")}
              pressed={live && following}
              disabled={!live}
              onClick={() => setPausedAt(following ? log.end : null)}
            />
          )}
          <a
            className="toggle"
            href={podLogUrl(place, choice, { since: SINCE[since], download: true })}
            title={t("download")}
            download
          >
            <Download aria-hidden />
            <span className="max-2xl:sr-only">{t("download")}</span>
          </a>
        </span>
      </div>
      {log.dropped > 0 && (
        <p className="border-b border-line bg-wait-soft px-3.5 py-1 text-sm text-wait">
          {t("dropped", { megabytes: Math.ceil(log.dropped / MIB), line: log.first + 1 })}
        </p>
      )}
      {text !== "" && (
        <p role="status" className="border-b border-line px-3.5 py-1 text-sm text-fg-2">
          {invalid && t("invalid")}
          {!invalid && filter?.state === "slow" && t("slow")}
          {!invalid &&
            filter?.state !== "slow" &&
            t(filter?.state === "done" ? "matches" : "matching", {
              count: rows.end - rows.first,
              of: log.end - log.first,
            })}
        </p>
      )}
      {state.problem !== null ? (
        problem(state.problem)
      ) : (
        <div className="log-body grid-cols-[minmax(0,1fr)]!">
          <LogRows
            log={log}
            rows={rows}
            version={state.version}
            label={t("logOf", { pod: pod.pod })}
            wrap={wrap}
            timed={timed}
            following={following}
            onLeave={leave}
            onArrive={() => setPausedAt(null)}
          >
            {filter?.state === "done" && rows.end === rows.first && (
              <p className="px-3.5 py-2 font-sans text-fg-3">{t("noMatch")}</p>
            )}
            {log.end === 0 && (
              <p className="px-3.5 py-2 font-sans text-fg-3">
                {t(state.open ? "waiting" : "empty")}
                {since !== "all" && (
                  <Button kind="quiet" size="small" className="ml-2" onClick={() => setSince("all")}>
                    {t("showAll")}
                  </Button>
                )}
              </p>
            )}
          </LogRows>
        </div>
      )}
      {live && pausedAt !== null && (
        <div className="log-foot">
          <Pause aria-hidden className="text-fg-3" />
          <span>{t(log.full ? "held" : "paused")}</span>
          <Button
            kind="primary"
            size="small"
            className="ml-auto"
            icon={<ArrowDown aria-hidden />}
            onClick={() => setPausedAt(null)}
          >
            {t("newLines", { count: log.end - pausedAt })}
          </Button>
        </div>
      )}
    </div>
  );
}
