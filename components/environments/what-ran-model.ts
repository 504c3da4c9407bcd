import type { TimelineDto } from "#lib/live/schema.ts";

export type RanLane = TimelineDto["lanes"][number];
export type RanDeployment = TimelineDto["deployments"][number];
type Span = RanLane["spans"][number];
type Attempt = RanLane["attempts"][number];
/** One thing on a lane: a time during which something ran, or a deployment that did not succeed. */
export type RanItem = {
  key: string;
  release: string;
  from: string;
  /** Null: it goes on. */
  to: string | null;
} & ({ what: "span"; span: Span; next: Span | null } | { what: "attempt"; attempt: Attempt });

/** How far to the right of a bar a time is, 0 to 100; times outside are at its ends. Pure. */
export function percentOf(at: string, { from, to }: { from: string; to: string }): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (end <= start) return 0;
  return Math.min(100, Math.max(0, ((Date.parse(at) - start) / (end - start)) * 100));
}

const MARGIN = 0.04;
/** The time that a bar shows: what was asked for, without the part before anything is on record. Pure. */
export function rangeOf({ from, to, lanes }: Pick<TimelineDto, "from" | "to" | "lanes">) {
  const begun = lanes.flatMap((lane) => itemsOf(lane).map((item) => Date.parse(item.from)));
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const first = Math.min(end, ...begun);
  return { from: new Date(Math.max(start, first - (end - first) * MARGIN)).toISOString(), to };
}

/** What is on a lane, in the order in which it began. Pure. */
export function itemsOf({ spans, attempts }: RanLane): RanItem[] {
  const ran = spans.map((span, index): RanItem => {
    const { deployment: key, release, from, to } = span;
    return { what: "span", key, release, from, to, span, next: spans[index + 1] ?? null };
  });
  const tried = attempts.map((attempt): RanItem => {
    const { deployment: key, release, at: from, to } = attempt;
    return { what: "attempt", key, release, from, to, attempt };
  });
  return [...ran, ...tried].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** What ran on a lane at a time; null when nothing is known to have. Pure. */
export function ranAt(lane: RanLane, at: string): RanItem | null {
  return (
    itemsOf(lane).find(({ what, from, to }) => what === "span" && from <= at && (to === null || at < to)) ??
    null
  );
}

/** What runs now, else the last thing that happened. Pure. */
export function latestOf(lane: RanLane): RanItem | null {
  const items = itemsOf(lane);
  return items.findLast(({ what, to }) => what === "span" && to === null) ?? items.at(-1) ?? null;
}

/** How the time of something on a lane came to its end; the names are texts. Pure. */
export function endingOf(
  item: RanItem,
  deployments: readonly RanDeployment[],
): "now" | "unsure" | "replaced" | "undone" | "tried" {
  if (item.what === "attempt") return "tried";
  const { span, next } = item;
  if (next === null) return span.unsureFrom === null ? "now" : "unsure";
  return deployments.find(({ id }) => id === next.deployment)?.kind === "rollback" ? "undone" : "replaced";
}

/** The days that a bar can show, and the least of them that holds a time. */
export const RANGES = [7, 30, 90] as const;
const MOST_DAYS = 366;
export function daysFor(at: string, now: Date): number {
  const days = (now.getTime() - Date.parse(at)) / 86_400_000;
  return RANGES.find((range) => range > days) ?? MOST_DAYS;
}

/** Four times along a bar, from its beginning on. Pure. */
export function ticksOf({ from, to }: { from: string; to: string }): { at: string; percent: number }[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return [0, 25, 50, 75].map((percent) => ({
    at: new Date(start + ((end - start) * percent) / 100).toISOString(),
    percent,
  }));
}
