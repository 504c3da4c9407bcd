import type { Reason } from "#lib/kept-images/reason-schema.ts";

export type Grouped = Pick<Reason, "reason"> & { environments: string[]; releases: string[] };

/**
 * Reasons that differ by their release order alone, together, then those that differ by their environment alone; in the
 * order of the strongest of each. Pure.
 */
export function groupReasons(reasons: readonly Reason[]): Grouped[] {
  const inEach = new Map<string, Grouped>();
  for (const { reason, environment, release } of reasons) {
    const environments = environment === null ? [] : [environment];
    const group = put(inEach, [reason, ...environments], { reason, environments, releases: [] });
    if (!group.releases.includes(release)) group.releases.push(release);
  }
  const groups = new Map<string, Grouped>();
  for (const { reason, environments, releases } of inEach.values()) {
    const group = put(groups, [reason, ...releases.toSorted()], { reason, environments: [], releases });
    group.environments.push(...environments);
  }
  return [...groups.values()];
}

function put(groups: Map<string, Grouped>, key: string[], fresh: Grouped): Grouped {
  const group = groups.get(key.join(" ")) ?? fresh;
  groups.set(key.join(" "), group);
  return group;
}
