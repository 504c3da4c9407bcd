"use client";

import { ArrowDownToLine, CircleX, Clock3, WrapText } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { cx } from "../cx.ts";
import { type LineRange, rangeTo } from "./line-range.ts";
import { LogActions } from "./log-actions.tsx";
import type { LogBuffer } from "./log-buffer.ts";
import { NotFollowing, PickedLines } from "./log-foot.tsx";
import { type LogFinding, LogMap } from "./log-map.tsx";
import { LogRows } from "./log-rows.tsx";
import { LogSearchBar, LogSearchState } from "./log-search-bar.tsx";
import { LogToggle } from "./log-toggle.tsx";
import { useLogFind } from "./use-log-find.ts";
import { useLogKeys } from "./use-log-keys.ts";
import type { LogTarget } from "./use-log-scroll.ts";

const MIB = 1024 * 1024;

/**
 * A log of any length as it comes. Search through all of it (`/`, Ctrl+F, `n`, `N`), to its ends (`g`, `G`), colours,
 * wrap, times, follow that stops when the reader scrolls up, lines that can be marked and linked to, download.
 */
export function LogView({
  log,
  version,
  live,
  settled,
  startsAtEnd,
  startsFiltered = false,
  timed: hasTimes = false,
  label,
  downloadHref,
  rawHref,
  findings = [],
  firstError = null,
  jump,
  picked = null,
  onPick,
  addressOf,
  held,
  tools,
  aside,
  head,
  onSight,
  notes,
  body,
  empty,
  className,
}: {
  log: LogBuffer;
  /** Raised at every change of the log. */
  version: number;
  /** More may come. */
  live: boolean;
  /** What there is now was read: a line that is not there yet is not waited for. */
  settled: boolean;
  startsAtEnd: boolean;
  /** What is looked for hides the lines that do not match. */
  startsFiltered?: boolean;
  /** Its lines begin with times. */
  timed?: boolean;
  label: string;
  downloadHref: string;
  /** Opens the log's bytes as plain text. */
  rawHref?: string;
  findings?: readonly LogFinding[];
  /** The line (from 1) that most likely says what went wrong. */
  firstError?: number | null;
  /** Goes to a line (from 1), into the middle or to the top; raise `key` to go again. */
  jump?: { line: number; key: number; atTop?: boolean } | undefined;
  /** The lines that are marked. */
  picked?: LineRange | null;
  onPick?: (lines: LineRange | null) => void;
  /** What opens this log at these lines. */
  addressOf?: (lines: LineRange) => string;
  /** Set while the reader is not at the end: what would push out the lines they read waits. */
  held?: RefObject<boolean>;
  /** More controls in the bar. */
  tools?: ReactNode;
  /** Beside the log, e.g. the stages of a build. */
  aside?: ReactNode;
  /** Over the lines, e.g. which stage they are of. */
  head?: ReactNode;
  /** Told the line (from 1) that is looked at. */
  onSight?: (line: number) => void;
  notes?: ReactNode;
  /** In place of the lines. */
  body?: ReactNode;
  /** What is said while there is no line. */
  empty: ReactNode;
  className?: string;
}) {
  const t = useTranslations("common.log");
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [wrap, setWrap] = useState(true);
  const [timed, setTimed] = useState(true);
  const [full, setFull] = useState(false);
  const [pausedAt, setPausedAt] = useState<number | null>(startsAtEnd ? null : 0);
  const [target, setTarget] = useState<LogTarget>();
  const find = useLogFind({ log, version }, startsFiltered);
  const following = pausedAt === null;
  // Another log in its place begins as the first did.
  const [shown, setShown] = useState(log);
  if (shown !== log) {
    setShown(log);
    setPausedAt(startsAtEnd ? null : 0);
    setTarget(undefined);
  }
  if (held) held.current = !following;

  const leave = useCallback(() => setPausedAt((at) => at ?? log.end), [log]);
  const follow = useCallback(() => setPausedAt(null), []);
  const { placeOf } = find;
  const goTo = (line: number, atTop = false) => {
    leave();
    setTarget((old) => ({ place: placeOf(line), key: (old?.key ?? 0) + 1, atTop }));
  };
  // Where the search goes on from: what was gone to last, or what is marked.
  const here = useRef(0);
  const visit = (line: number, atTop = false) => {
    here.current = line;
    goTo(line, atTop);
  };
  const step = (by: 1 | -1) => {
    const line = find.step(by, find.current ?? here.current);
    if (line !== null) goTo(line);
  };
  const latest = useRef({ visit, step });
  latest.current = { visit, step };
  // What was typed is gone to as soon as it is found.
  const found = find.count > 0 && find.current === null && !find.filtered;
  useEffect(() => {
    if (found) latest.current.step(1);
  }, [found]);
  const asked = useRef<number | undefined>(undefined);
  const reached = jump !== undefined && log.end > 0 && (log.end >= jump.line || settled);
  useEffect(() => {
    if (!jump || !reached || asked.current === jump.key) return;
    asked.current = jump.key;
    latest.current.visit(Math.min(jump.line, log.end) - 1, jump.atTop);
  }, [jump, reached, log]);
  useLogKeys({
    root,
    input,
    onStep: step,
    onStart: () => visit(log.first),
    onEnd: () => (live ? follow() : visit(log.end - 1)),
    onFull: () => setFull((was) => !was),
    onEscape: full ? () => setFull(false) : undefined,
  });

  const marked = useRef(picked);
  marked.current = picked;
  const pick = useCallback(
    (number: number, extend: boolean) => onPick?.(rangeTo(marked.current, number, extend)),
    [onPick],
  );
  const numberLabel = useCallback((number: number) => t("pick", { number }), [t]);
  return (
    <div ref={root} className={cx("log", full ? "log-full" : className)}>
      <div className="log-tools">
        <LogSearchBar find={find} input={input} onStep={step} />
        {firstError !== null && (
          <LogToggle
            icon={<CircleX aria-hidden />}
            label={t("firstError")}
            worded
            className="text-bad"
            onClick={() => visit(firstError - 1)}
          />
        )}
        {tools}
        <span className="ml-auto flex flex-wrap items-center gap-0.5">
          {hasTimes && (
            <LogToggle
              icon={<Clock3 aria-hidden />}
              label={t("times")}
              pressed={timed}
              onClick={() => setTimed(!timed)}
            />
          )}
          <LogToggle
            icon={<WrapText aria-hidden />}
            label={t("wrap")}
            pressed={wrap}
            onClick={() => setWrap(!wrap)}
          />
          {live && (
            <LogToggle
              icon={<ArrowDownToLine aria-hidden />}
              label={t("follow")}
              pressed={following}
              onClick={() => setPausedAt(following ? log.end : null)}
            />
          )}
          <LogActions
            log={log}
            downloadHref={downloadHref}
            rawHref={rawHref}
            full={full}
            onFull={() => setFull(!full)}
          />
        </span>
      </div>
      {log.dropped > 0 && (
        <p className="border-b border-line bg-wait-soft px-3.5 py-1 text-sm text-wait">
          {t("dropped", { megabytes: Math.ceil(log.dropped / MIB), line: log.first + 1 })}
        </p>
      )}
      {notes}
      <LogSearchState find={find} of={log.end - log.first} />
      {body ?? (
        <div className={cx("log-body", aside !== undefined && "log-with-aside")}>
          {aside !== undefined && <div className="log-aside">{aside}</div>}
          <div className="log-main">
            {head}
            <LogRows
              key={find.filtered ? "matches" : "lines"}
              log={log}
              rows={find.rows}
              label={label}
              wrap={wrap}
              timed={hasTimes && timed}
              following={following}
              target={target}
              picked={picked}
              current={find.current}
              marks={find.marks}
              numberLabel={numberLabel}
              onPick={pick}
              onLeave={leave}
              onArrive={follow}
              onSight={onSight}
            >
              {find.filtered && find.filter?.state === "done" && find.count === 0 && (
                <p className="px-3.5 py-2 font-sans text-fg-3">{t("noMatch")}</p>
              )}
              {log.end === 0 && <div className="px-3.5 py-2 font-sans text-fg-3">{empty}</div>}
            </LogRows>
          </div>
          <LogMap first={log.first} end={log.end} find={find} findings={findings} onPick={visit} />
        </div>
      )}
      {picked !== null && picked.from <= log.end && onPick !== undefined && (
        <PickedLines
          lines={picked}
          log={log}
          address={addressOf?.(picked) ?? null}
          onDrop={() => onPick(null)}
        />
      )}
      {live && pausedAt !== null && (
        <NotFollowing held={log.full} count={Math.max(0, log.end - pausedAt)} onFollow={follow} />
      )}
    </div>
  );
}
