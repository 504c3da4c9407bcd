import type { Reason } from "#lib/kept-images/reason-schema.ts";

export type Grouped = Pick<Reason, "reason" | "environment"> & { releases: string[] };

/** Reasons that differ by their release order alone, together; in the order of the strongest of each. Pure. */
export function groupReasons(reasons: readonly Reason[]): Grouped[] {
  const groups = new Map<string, Grouped>();
  for (const { reason, environment, release } of reasons) {
    const key = `${reason} ${environment ?? ""}`;
    const group = groups.get(key) ?? { reason, environment, releases: [] };
    if (!group.releases.includes(release)) group.releases.push(release);
    groups.set(key, group);
  }
  return [...groups.values()];
}
