import type { LogFind } from "./use-log-find.ts";

export type LogFinding = { line: number; kind: "bad" | "wait" };
/** More marks than the strip has pixels would be one bar. */
const MOST_MARKS = 300;

/** Some of the matches, evenly taken. */
function matchesOf(find: LogFind): number[] {
  const { filter, count } = find;
  if (filter === null || find.filtered) return [];
  const step = Math.max(1, Math.ceil(count / MOST_MARKS));
  const lines: number[] = [];
  for (let place = filter.first; place < filter.end; place += step) {
    const hit = filter.at(place);
    if (hit) lines.push(hit.line);
  }
  return lines;
}

/** The strip at the right: where in the whole log matches and findings are. A help for the eye; keys and buttons do the same. */
export function LogMap({
  first,
  end,
  find,
  findings,
  onPick,
}: {
  first: number;
  end: number;
  find: LogFind;
  findings: readonly LogFinding[];
  onPick: (line: number) => void;
}) {
  const marks = [
    ...matchesOf(find).map((line) => ({ line, kind: "run" as const, key: `match ${line}` })),
    ...findings.map(({ line, kind }) => ({ line: line - 1, kind, key: `finding ${line}` })),
  ];
  return (
    <div className="log-map" aria-hidden="true">
      {marks.map((mark) => (
        <button
          key={mark.key}
          type="button"
          tabIndex={-1}
          className={`k-${mark.kind}`}
          style={{ top: `${((mark.line - first) / Math.max(1, end - first)) * 100}%` }}
          onClick={() => onPick(mark.line)}
        />
      ))}
    </div>
  );
}
