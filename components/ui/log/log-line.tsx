import { type CSSProperties, memo, type ReactNode } from "react";
import { cx } from "../cx.ts";
import type { LogHit } from "../log-search.ts";
import { type AnsiSpan, parseAnsi } from "./ansi.ts";
import { linksIn } from "./safe-link.ts";

/** Exact colours go through the style sheet, which keeps them readable in both themes. */
type AnsiStyle = CSSProperties & { "--ansi"?: string; "--ansi-back"?: string };

function lookOf(span: AnsiSpan): { className: string; style?: AnsiStyle } {
  // Inverse: the text's colour behind it, where both would be taken from the theme.
  const colour = span.inverse ? undefined : span.colour;
  const back = span.inverse ? (span.colour ?? "white") : span.back;
  const exact = (value: string | undefined) => value?.startsWith("#");
  const className = cx(
    colour && (exact(colour) ? "ansi-exact" : `ansi-${colour}`),
    back && (exact(back) ? "ansi-back ansi-back-exact" : `ansi-back ansi-back-${back}`),
    span.bold && "font-bold",
    span.dim && "text-fg-3",
    span.italic && "italic",
    (span.underline || span.strike) &&
      cx("ansi-lines", span.underline && "underline", span.strike && "strike"),
  );
  const style: AnsiStyle = {
    ...(colour && exact(colour) ? { "--ansi": colour } : {}),
    ...(back && exact(back) ? { "--ansi-back": back } : {}),
  };
  return Object.keys(style).length > 0 ? { className, style } : { className };
}

/** One text, cut where hits begin and end. `offset` is its first character's place in the line. */
function pieces(text: string, offset: number, hits: LogHit[], now: LogHit | undefined): ReactNode[] {
  const end = offset + text.length;
  const parts: ReactNode[] = [];
  let at = offset;
  for (const hit of hits) {
    if (hit.to <= at || hit.from >= end) continue;
    const from = Math.max(hit.from, at);
    const to = Math.min(hit.to, end);
    if (from > at) parts.push(text.slice(at - offset, from - offset));
    parts.push(
      <mark key={from} className={cx("hit", hit === now && "hit-now")}>
        {text.slice(from - offset, to - offset)}
      </mark>,
    );
    at = to;
  }
  if (at < end) parts.push(text.slice(at - offset));
  return parts;
}

/** What leads away from the log opens beside it, and learns nothing of where it was opened. */
function linked(text: string, href: string | undefined, key: number, content: ReactNode): ReactNode {
  if (href === undefined) return content;
  return (
    <a
      key={key}
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="log-link"
      title={href}
    >
      {content ?? text}
    </a>
  );
}

/** A line of a log: number, time, message with its colours, its addresses and the hits of the search. */
export const LogLineView = memo(function LogLineView({
  number,
  at,
  raw,
  error,
  hits,
  now,
  picked,
  timed,
  numberLabel,
  onPick,
}: {
  number: number;
  at?: string;
  raw: string;
  error: boolean;
  hits: LogHit[];
  now?: LogHit;
  picked: boolean;
  timed: boolean;
  numberLabel: string;
  /** `extend`: with the lines that are picked already. */
  onPick: (number: number, extend: boolean) => void;
}) {
  let offset = 0;
  return (
    <div
      className={cx("log-line", error && "log-error", picked && "log-picked", timed && "log-timed")}
      aria-current={picked ? "true" : undefined}
    >
      <button
        type="button"
        className="log-number"
        tabIndex={-1}
        aria-label={numberLabel}
        onClick={(event) => onPick(number, event.shiftKey)}
      >
        {number}
      </button>
      {timed && <span className="log-time">{at}</span>}
      <span className="log-text">
        {parseAnsi(raw).map((span) => {
          const from = offset;
          offset += span.text.length;
          let within = from;
          const parts = span.href === undefined ? linksIn(span.text) : [span];
          return (
            <span key={from} {...lookOf(span)}>
              {parts.map((part) => {
                const start = within;
                within += part.text.length;
                return linked(part.text, part.href, start, pieces(part.text, start, hits, now));
              })}
            </span>
          );
        })}
      </span>
    </div>
  );
});
