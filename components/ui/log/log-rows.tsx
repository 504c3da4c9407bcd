"use client";

import { type CSSProperties, memo, type ReactNode, useEffect, useRef, useState } from "react";
import { cx } from "../cx.ts";
import { type LogHit, looksLikeError } from "../log-search.ts";
import { plainText } from "./ansi.ts";
import type { LineMatch } from "./line-filter.ts";
import type { LineRange } from "./line-range.ts";
import { splitStamp } from "./line-text.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { PAGE } from "./log-geometry.ts";
import { LogLineView } from "./log-line.tsx";
import { type LogTarget, useLogScroll } from "./use-log-scroll.ts";

/** A region that scrolls must be reachable by keyboard (WCAG 2.1.1), and the keys of the search are pressed in it. */
const REACHABLE = { tabIndex: 0 };
const NO_HITS: LogHit[] = [];
const MOST_HITS = 100;
/** A longer line is cut where it is shown; its copy and the download have all of it. */
const LONGEST_SHOWN = 20_000;

/** Places from `first` to `end`, and the line of the log at each. */
export type Rows = {
  first: number;
  end: number;
  at: (place: number) => { line: number; match: LineMatch | null } | null;
};
/** What the search marks in a line: every place of a text, or the first match of an expression. */
export type HitsOf = (line: number, plain: string) => LogHit[];
/** `drawn` is raised when it would say more than before. */
export type LogMarks = { hitsOf: HitsOf; drawn: number };

/** What a stamp of the cluster is in the reader's zone. */
function clockOf(stamp: string): string | undefined {
  const at = new Date(stamp);
  return Number.isNaN(at.getTime()) ? undefined : at.toTimeString().slice(0, 8);
}

type RowProps = {
  log: LogBuffer;
  place: number;
  line: number;
  marks: LogMarks | null;
  now: boolean;
  picked: boolean;
  timed: boolean;
  numberLabel: (line: number) => string;
  onPick: (number: number, extend: boolean) => void;
};

/** A line never changes, so it is worked out once for as long as it is drawn. */
const Row = memo(function Row({
  log,
  place,
  line,
  marks,
  now,
  picked,
  timed,
  numberLabel,
  onPick,
}: RowProps) {
  const { stamp, text: whole } = splitStamp(log.line(line));
  const text = whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN)} …` : whole;
  const plain = plainText(text);
  const hits = marks?.hitsOf(line, plain).slice(0, MOST_HITS) ?? NO_HITS;
  return (
    <div data-place={place}>
      <LogLineView
        number={line + 1}
        at={stamp === null ? undefined : clockOf(stamp)}
        raw={text}
        error={looksLikeError(plain)}
        hits={hits}
        now={now ? hits[0] : undefined}
        picked={picked}
        timed={timed}
        numberLabel={numberLabel(line + 1)}
        onPick={onPick}
      />
    </div>
  );
});

/** The rows of a log, any number of them. While following, its end stays in sight; `onLeave` when the reader scrolls up. */
export function LogRows({
  log,
  rows,
  label,
  wrap,
  timed,
  following,
  target,
  picked,
  current,
  marks,
  numberLabel,
  onPick,
  onLeave,
  onArrive,
  onSight,
  children,
}: {
  log: LogBuffer;
  rows: Rows;
  label: string;
  wrap: boolean;
  timed: boolean;
  following: boolean;
  target: LogTarget | undefined;
  /** Lines that are marked, and the one (from 0) whose hit is the current one. */
  picked: LineRange | null;
  current: number | null;
  marks: LogMarks | null;
  numberLabel: (line: number) => string;
  onPick: (number: number, extend: boolean) => void;
  onLeave: () => void;
  onArrive: () => void;
  /** The line (from 1) that is looked at. */
  onSight?: (number: number) => void;
  children?: ReactNode;
}) {
  const box = useRef<HTMLElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const { range, onScroll } = useLogScroll({
    box,
    layer,
    sizer,
    first: rows.first,
    end: rows.end,
    layout: `${wrap} ${timed} ${width}`,
    following,
    target,
    onLeave,
    onArrive,
    onSight: (place) => {
      const row = onSight && rows.at(place);
      if (row) onSight(row.line + 1);
    },
  });
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  // Numbers have the room that the longest of them takes.
  const style: CSSProperties & { "--digits": number } = { "--digits": Math.max(3, `${log.end}`.length) };
  const pages = rows.end > rows.first ? range.to - range.from + 1 : 0;
  return (
    <section
      ref={box}
      {...REACHABLE}
      aria-label={label}
      className={cx("log-lines", wrap && "log-wrap")}
      style={style}
      onScroll={onScroll}
      onWheel={(event) => {
        if (event.deltaY < 0) onLeave();
      }}
      onTouchMove={onLeave}
      onKeyDown={({ key }) => {
        if (["ArrowUp", "PageUp", "Home"].includes(key)) onLeave();
      }}
    >
      <div ref={sizer} className="log-sizer">
        <div ref={layer} className="log-layer">
          {Array.from({ length: pages }, (_, index) => {
            const page = range.from + index;
            const from = Math.max(page * PAGE, rows.first);
            const to = Math.min((page + 1) * PAGE, rows.end);
            return (
              <div key={page}>
                {Array.from({ length: Math.max(0, to - from) }, (_, offset) => {
                  const row = rows.at(from + offset);
                  return (
                    row && (
                      <Row
                        key={row.line}
                        log={log}
                        place={from + offset}
                        line={row.line}
                        marks={marks}
                        now={current === row.line}
                        picked={picked !== null && row.line + 1 >= picked.from && row.line + 1 <= picked.to}
                        timed={timed}
                        numberLabel={numberLabel}
                        onPick={onPick}
                      />
                    )
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {children}
    </section>
  );
}
