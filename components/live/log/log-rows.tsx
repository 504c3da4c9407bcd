"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { plainText } from "#components/ui/ansi.ts";
import { cx } from "#components/ui/cx.ts";
import { LogLineView } from "#components/ui/log-line.tsx";
import { type LogHit, looksLikeError } from "#components/ui/log-search.ts";
import type { LineMatch } from "./line-filter.ts";
import { splitStamp } from "./line-text.ts";
import type { LogBuffer } from "./log-buffer.ts";

/** Rows that are drawn and measured as one: a log of a million lines is a list of some thousands. */
const PAGE = 20;
const ROW_HEIGHT = 20;
/** A region that scrolls must be reachable by keyboard (WCAG 2.1.1). */
const REACHABLE = { tabIndex: 0 };
const NO_HITS: LogHit[] = [];

/** Places from `first` to `end`, and the line of the log at each. */
export type Rows = {
  first: number;
  end: number;
  at: (place: number) => { line: number; match: LineMatch | null } | null;
};

/** What a stamp of the cluster is in the reader's zone. */
function clockOf(stamp: string): string | undefined {
  const at = new Date(stamp);
  return Number.isNaN(at.getTime()) ? undefined : at.toTimeString().slice(0, 8);
}

/** A line never changes, so it is worked out once for as long as it is drawn. */
const Row = memo(function Row({
  log,
  line,
  match,
  timed,
}: {
  log: LogBuffer;
  line: number;
  match: LineMatch | null;
  timed: boolean;
}) {
  const { stamp, text } = splitStamp(log.line(line));
  return (
    <LogLineView
      number={line + 1}
      at={stamp === null ? undefined : clockOf(stamp)}
      raw={text}
      error={looksLikeError(text.includes("\u001b") ? plainText(text) : text)}
      hits={match ? [{ line, ...match }] : NO_HITS}
      picked={false}
      timed={timed}
    />
  );
});

/** The rows of a log, any number of them. While following, its end stays in sight; `onLeave` when the reader scrolls up. */
export function LogRows({
  log,
  rows,
  version,
  label,
  wrap,
  timed,
  following,
  onLeave,
  onArrive,
  children,
}: {
  log: LogBuffer;
  rows: Rows;
  version: number;
  label: string;
  wrap: boolean;
  timed: boolean;
  following: boolean;
  onLeave: () => void;
  onArrive: () => void;
  children?: ReactNode;
}) {
  const box = useRef<HTMLElement>(null);
  const lastTop = useRef(0);
  const firstPage = Math.floor(rows.first / PAGE);
  const pages = useVirtualizer({
    count: rows.end > rows.first ? Math.ceil(rows.end / PAGE) - firstPage : 0,
    getScrollElement: () => box.current,
    getItemKey: (index) => firstPage + index,
    estimateSize: (index) => {
      const from = (firstPage + index) * PAGE;
      return (Math.min(from + PAGE, rows.end) - Math.max(from, rows.first)) * ROW_HEIGHT;
    },
    overscan: 1,
  });
  const height = pages.getTotalSize();
  useLayoutEffect(() => {
    if (following && box.current && version >= 0) box.current.scrollTop = height;
  }, [following, height, version]);
  const { measure } = pages;
  useEffect(() => {
    if (wrap !== undefined) measure();
  }, [wrap, measure]);
  return (
    <section
      ref={box}
      {...REACHABLE}
      aria-label={label}
      className={cx("log-lines", wrap && "log-wrap")}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        // On the way up one is near the end, too, for a moment.
        if (scrollTop > lastTop.current && scrollHeight - scrollTop - clientHeight < 24) onArrive();
        lastTop.current = scrollTop;
      }}
      onWheel={(event) => {
        if (event.deltaY < 0) onLeave();
      }}
      onTouchMove={onLeave}
      onKeyDown={({ key }) => {
        if (["ArrowUp", "PageUp", "Home"].includes(key)) onLeave();
      }}
    >
      <div style={{ height }} className="relative">
        {pages.getVirtualItems().map((page) => {
          const from = Math.max((firstPage + page.index) * PAGE, rows.first);
          const to = Math.min((firstPage + page.index + 1) * PAGE, rows.end);
          return (
            <div
              key={page.key}
              ref={pages.measureElement}
              data-index={page.index}
              className="log-row"
              style={{ transform: `translateY(${page.start}px)` }}
            >
              {Array.from({ length: Math.max(0, to - from) }, (_, index) => {
                const row = rows.at(from + index);
                return (
                  row && <Row key={row.line} log={log} line={row.line} match={row.match} timed={timed} />
                );
              })}
            </div>
          );
        })}
      </div>
      {children}
    </section>
  );
}
