/** Stacked daily counts: `values[day][series]`. */
export type Stacks = { days: string[]; series: string[]; values: number[][] };

const DAY_MS = 86_400_000;

/** The last `count` days up to `until` (YYYY-MM-DD), so that days without anything stand as gaps. */
export function daysUntil(until: string, count: number): string[] {
  const end = Date.parse(`${until}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(end - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** Today in a zone, as statistics count days. */
export const dayIn = (zone: string, at: Date): string =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(at);

/**
 * Rows of day, series and count as stacks; the largest series come first, those after `limit` become `rest`, as do rows
 * that are named so already. Series that `order` names stand as they do there, whichever is the largest.
 */
export function stack(
  days: string[],
  rows: readonly { day: string; name: string; count: number }[],
  limit = 4,
  rest = "…",
  order: readonly string[] = [],
): Stacks {
  const totals = new Map<string, number>();
  for (const { name, count } of rows) totals.set(name, (totals.get(name) ?? 0) + count);
  const summed = totals.delete(rest);
  const ranked = [...totals]
    .sort(([a, left], [b, right]) => right - left || a.localeCompare(b))
    .map(([name]) => name);
  const over = summed || ranked.length > limit;
  const place = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  const named = (over ? ranked.slice(0, limit - 1) : ranked).toSorted((a, b) => place(a) - place(b));
  const series = over ? [...named, rest] : named;
  const at = new Map(days.map((day, index) => [day, index]));
  const values = days.map(() => series.map(() => 0));
  for (const { day, name, count } of rows) {
    const row = values[at.get(day) ?? -1];
    const column = named.includes(name) ? named.indexOf(name) : series.length - 1;
    if (row !== undefined) row[column] = (row[column] ?? 0) + count;
  }
  return { days, series, values };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A round upper end of an axis and its ticks: four steps or fewer, whole numbers. */
export function axis(max: number): number[] {
  const rough = Math.max(1, max) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 1);
  return Array.from({ length: Math.ceil(Math.max(1, max) / step) + 1 }, (_, index) => index * step);
}

/** RFC 4180, every line ended; a cell that a spreadsheet would take for a formula is defused, also one in signs of full width. */
export function toCsv(head: string[], rows: (string | number | null)[][]): string {
  const cell = (value: string | number | null) => {
    if (typeof value !== "string") return value === null ? "" : String(value);
    const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
