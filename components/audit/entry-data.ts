/** JSON with two spaces and its keys in order, so that two versions of the same thing compare line by line. */
export function stableJson(value: unknown): string {
  const sorted = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(sorted);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
  return value === undefined ? "" : JSON.stringify(sorted(value), null, 2);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * An entry's data cut into what changed (before and after as text; of two records only the fields that `after` names,
 * since an update says only what it set) and everything else.
 */
export function splitData(data: unknown): { before: string; after: string; rest: Record<string, unknown> } {
  if (!isRecord(data)) return { before: "", after: "", rest: data === null ? {} : { data } };
  const { before, after, ...rest } = data;
  if (!isRecord(before) || !isRecord(after)) {
    return { before: stableJson(before), after: stableJson(after), rest };
  }
  const named = Object.keys(after).filter((key) => after[key] !== undefined);
  const of = (record: Record<string, unknown>) =>
    stableJson(Object.fromEntries(named.filter((key) => key in record).map((key) => [key, record[key]])));
  return { before: of(before), after: of(after), rest };
}
