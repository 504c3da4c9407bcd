"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, Pause } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { plainText } from "./ansi.ts";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { LogLineView } from "./log-line.tsx";
import { findHits, type LogHit, looksLikeError } from "./log-search.ts";
import { LogTools } from "./log-tools.tsx";

export type LogLine = { text: string; at?: string };
export type LogFinding = { line: number; kind: "bad" | "wait" };

const NO_HITS: LogHit[] = [];
/** A region that scrolls must be reachable by keyboard (WCAG 2.1.1), and `/`, `n`, `N` are pressed in it. */
const REACHABLE = { tabIndex: 0 };

function byLine(hits: LogHit[]): Map<number, LogHit[]> {
  const lines = new Map<number, LogHit[]>();
  for (const hit of hits) lines.set(hit.line, [...(lines.get(hit.line) ?? []), hit]);
  return lines;
}

/**
 * A log of any length: virtual rows, colours, search (`/` to type, `n` and `N` to step), wrap, follow. Follow stops when
 * the reader scrolls up and says how many lines came since. `jump` goes to a line (1-based; raise `key` to go again).
 */
export function LogViewer({
  lines,
  live = false,
  downloadHref,
  label,
  jump,
  aside,
  findings = [],
  tools,
  className,
}: {
  lines: LogLine[];
  live?: boolean;
  downloadHref?: string;
  label?: string;
  jump?: { line: number; key: number };
  /** Beside the log, e.g. the stages of a build. */
  aside?: ReactNode;
  findings?: LogFinding[];
  /** More controls in the bar, e.g. the choice of container. */
  tools?: ReactNode;
  className?: string;
}) {
  const t = useTranslations("common.log");
  const box = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [current, setCurrent] = useState(0);
  const [wrap, setWrap] = useState(true);
  const [timed, setTimed] = useState(true);
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const [picked, setPicked] = useState<number | null>(null);

  const plain = useMemo(() => lines.map((line) => plainText(line.text)), [lines]);
  const hits = useMemo(() => findHits(plain, query), [plain, query]);
  const hitsByLine = useMemo(() => byLine(hits), [hits]);
  const firstError = useMemo(() => plain.findIndex(looksLikeError), [plain]);
  const hasTimes = lines.some((line) => line.at !== undefined);
  const following = live && pausedAt === null;

  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 24,
  });

  useEffect(() => {
    if (following && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: "end" });
  }, [following, lines.length, rows]);

  const goTo = (line: number) => {
    if (live) setPausedAt((at) => at ?? lines.length);
    setPicked(line);
    rows.scrollToIndex(line, { align: "center" });
  };
  const target = useRef(goTo);
  target.current = goTo;
  useEffect(() => {
    if (jump !== undefined) target.current(jump.line - 1);
  }, [jump]);

  const step = (by: 1 | -1) => {
    if (hits.length === 0) return;
    const next = (current + by + hits.length) % hits.length;
    setCurrent(next);
    const hit = hits[next];
    if (hit !== undefined) goTo(hit.line);
  };

  return (
    <div className={cx("log", className)}>
      <LogTools
        searchRef={search}
        query={query}
        onQuery={(text) => {
          setQuery(text);
          setCurrent(0);
          const first = findHits(plain, text, 1)[0];
          if (first !== undefined) goTo(first.line);
        }}
        count={hits.length}
        current={current}
        onStep={step}
        onFirstError={() => goTo(firstError)}
        hasError={firstError >= 0}
        timed={hasTimes ? timed : undefined}
        onTimed={() => setTimed(!timed)}
        wrap={wrap}
        onWrap={() => setWrap(!wrap)}
        follow={live ? following : undefined}
        onFollow={() => setPausedAt(following ? lines.length : null)}
        downloadHref={downloadHref}
      >
        {tools}
      </LogTools>
      <div className={cx("log-body", aside !== undefined && "log-with-aside")}>
        {aside !== undefined && <div className="log-aside">{aside}</div>}
        <section
          ref={box}
          {...REACHABLE}
          aria-label={label ?? t("label")}
          className={cx("log-lines", wrap && "log-wrap")}
          onScroll={(event) => {
            const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
            const atEnd = scrollHeight - scrollTop - clientHeight < 24;
            if (live && atEnd) setPausedAt(null);
          }}
          onWheel={(event) => {
            if (live && event.deltaY < 0) setPausedAt((at) => at ?? lines.length);
          }}
          onKeyDown={(event) => {
            if (event.key === "/") {
              event.preventDefault();
              search.current?.focus();
            } else if (event.key === "n") step(1);
            else if (event.key === "N") step(-1);
            else if (live && (event.key === "ArrowUp" || event.key === "PageUp" || event.key === "Home")) {
              setPausedAt((at) => at ?? lines.length);
            }
          }}
        >
          <div style={{ height: rows.getTotalSize() }} className="relative">
            {rows.getVirtualItems().map((row) => {
              const line = lines[row.index];
              if (line === undefined) return null;
              const own = hitsByLine.get(row.index) ?? NO_HITS;
              return (
                <div
                  key={row.key}
                  ref={rows.measureElement}
                  data-index={row.index}
                  className="log-row"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <LogLineView
                    number={row.index + 1}
                    at={line.at}
                    raw={line.text}
                    error={looksLikeError(plain[row.index] ?? "")}
                    hits={own}
                    now={own.length > 0 ? hits[current] : undefined}
                    picked={picked === row.index}
                    timed={hasTimes && timed}
                  />
                </div>
              );
            })}
          </div>
          {lines.length === 0 && (
            <p className="px-3.5 py-2 font-sans text-fg-3">{t(live ? "waiting" : "empty")}</p>
          )}
        </section>
        <LogMap count={lines.length} hits={hits} findings={findings} onPick={goTo} />
      </div>
      {live && pausedAt !== null && (
        <div className="log-foot">
          <Pause aria-hidden className="text-fg-3" />
          <span>{t("paused")}</span>
          <Button
            kind="primary"
            size="small"
            className="ml-auto"
            icon={<ArrowDown aria-hidden />}
            onClick={() => setPausedAt(null)}
          >
            {t("newLines", { count: lines.length - pausedAt })}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The strip at the right: where in the whole log hits and findings are. A help for the eye; keys and buttons do the same. */
function LogMap({
  count,
  hits,
  findings,
  onPick,
}: {
  count: number;
  hits: LogHit[];
  findings: LogFinding[];
  onPick: (line: number) => void;
}) {
  const marks = [
    ...hits
      .slice(0, 400)
      .map((hit) => ({ line: hit.line, kind: "wait" as const, key: `hit ${hit.line} ${hit.from}` })),
    ...findings.map((finding) => ({
      line: finding.line - 1,
      kind: finding.kind,
      key: `finding ${finding.line}`,
    })),
  ];
  return (
    <div className="log-map" aria-hidden="true">
      {marks.map((mark) => (
        <button
          key={mark.key}
          type="button"
          tabIndex={-1}
          className={`k-${mark.kind}`}
          style={{ top: `${(mark.line / Math.max(1, count)) * 100}%` }}
          onClick={() => onPick(mark.line)}
        />
      ))}
    </div>
  );
}
