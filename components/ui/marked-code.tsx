import type { ReactNode } from "react";

/** Positions of `query` in `text`, not overlapping, without regard to case. */
function hits(text: string, query: string): [number, number][] {
  if (query === "") return [];
  const found: [number, number][] = [];
  const [hay, needle] = [text.toLowerCase(), query.toLowerCase()];
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
    found.push([at, at + needle.length]);
  }
  return found;
}

/** A line of YAML: its key fainter, the changed `range` marked, or the hits of a search. */
export function MarkedCode({
  text,
  range,
  query,
}: {
  text: string;
  range?: [number, number];
  query: string;
}) {
  const key = /^\s*(?:- )?[\w./"-]+:/.exec(text)?.[0].length ?? 0;
  const found = hits(text, query);
  const ranges: { from: number; to: number; look: string }[] =
    found.length > 0
      ? found.map(([from, to]) => ({ from, to, look: "hit" }))
      : range !== undefined && range[0] < range[1]
        ? [{ from: range[0], to: range[1], look: "diff-mark" }]
        : [];
  const cuts = [...new Set([0, key, text.length, ...ranges.flatMap(({ from, to }) => [from, to])])].sort(
    (a, b) => a - b,
  );
  const parts: ReactNode[] = [];
  cuts.forEach((from, index) => {
    const to = cuts[index + 1];
    if (to === undefined) return;
    const piece = text.slice(from, to);
    const look = ranges.find((marked) => marked.from <= from && to <= marked.to)?.look;
    const tone = to <= key ? "text-fg-2" : undefined;
    parts.push(
      look === undefined ? (
        <span key={from} className={tone}>
          {piece}
        </span>
      ) : (
        <mark key={from} className={look}>
          {piece}
        </mark>
      ),
    );
  });
  return <>{parts}</>;
}
