import { memo, type ReactNode } from "react";
import { type AnsiSpan, parseAnsi } from "./ansi.ts";
import { cx } from "./cx.ts";
import type { LogHit } from "./log-search.ts";

function spanLook({ colour, bold, dim }: AnsiSpan): string {
  return cx(colour && `ansi-${colour}`, bold && "font-bold", dim && "text-fg-3");
}

/** One span, cut where hits begin and end. `offset` is its first character's place in the line. */
function pieces(span: AnsiSpan, offset: number, hits: LogHit[], now: LogHit | undefined): ReactNode[] {
  const end = offset + span.text.length;
  const parts: ReactNode[] = [];
  let at = offset;
  for (const hit of hits) {
    if (hit.to <= at || hit.from >= end) continue;
    const from = Math.max(hit.from, at);
    const to = Math.min(hit.to, end);
    if (from > at) parts.push(span.text.slice(at - offset, from - offset));
    parts.push(
      <mark key={from} className={cx("hit", hit === now && "hit-now")}>
        {span.text.slice(from - offset, to - offset)}
      </mark>,
    );
    at = to;
  }
  if (at < end) parts.push(span.text.slice(at - offset));
  return parts;
}

/** A line of a log: number, time, message with its colours and the hits of the search. */
export const LogLineView = memo(function LogLineView({
  number,
  at,
  raw,
  error,
  hits,
  now,
  picked,
  timed,
}: {
  number: number;
  at?: string;
  raw: string;
  error: boolean;
  hits: LogHit[];
  now?: LogHit;
  picked: boolean;
  timed: boolean;
}) {
  let offset = 0;
  return (
    <div className={cx("log-line", error && "log-error", picked && "log-picked", timed && "log-timed")}>
      <span className="log-number">{number}</span>
      {timed && <span className="log-time">{at}</span>}
      <span className="log-text">
        {parseAnsi(raw).map((span) => {
          const from = offset;
          offset += span.text.length;
          return (
            <span key={from} className={spanLook(span)}>
              {pieces(span, from, hits, now)}
            </span>
          );
        })}
      </span>
    </div>
  );
});
