import type { PlanDto } from "#lib/plans/schema.ts";

export type Conflict = PlanDto["targets"][number]["objects"][number]["conflicts"][number];
type Choice = PlanDto["choices"][number];
/** The same conflict in every target that has it: decided once for all of them. */
export type ConflictGroup = Conflict & {
  key: string;
  component: string;
  /** `Kind name` */
  object: string;
  places: { cluster: string; namespace: string }[];
};
/** The same in every target where it is the same to decide: when it was written, and in which line, does not matter. */
export const conflictKeyOf = (
  object: string,
  { since: _since, line: _line, ...conflict }: Conflict,
): string => JSON.stringify([object, conflict]);
/** What a reader means to do about a conflict; `abort`: nothing is deployed. */
export type Wish = Choice["choice"] | "abort";

/** Every conflict of a plan, undecided ones first. Pure. */
export function conflictGroups(targets: PlanDto["targets"]): ConflictGroup[] {
  const groups = new Map<string, ConflictGroup>();
  for (const { cluster, namespace, objects } of targets) {
    for (const { component, kind, name, conflicts } of objects) {
      for (const conflict of conflicts) {
        const object = `${kind} ${name}`;
        const key = conflictKeyOf(object, conflict);
        const known = groups.get(key);
        if (known) known.places.push({ cluster, namespace });
        else groups.set(key, { ...conflict, key, component, object, places: [{ cluster, namespace }] });
      }
    }
  }
  return [...groups.values()].sort((a, b) => Number(a.choice !== null) - Number(b.choice !== null));
}

/** What the reader now means about each conflict: what was decided, unless something else was picked. */
export const wishOf = (group: ConflictGroup, picked: ReadonlyMap<string, Wish>): Wish | null =>
  picked.get(group.key) ?? group.choice;

/** One wish for all; what an autoscaler chooses is left to it. Pure. */
export const allOf = (groups: readonly ConflictGroup[], wish: Choice["choice"]): ReadonlyMap<string, Wish> =>
  new Map(groups.map(({ key, autoscaler }) => [key, autoscaler === null ? wish : "leave"]));

/**
 * Choices as they are to be sent: the whole of what is decided. Those that no group shows (a target that did not
 * answer) stand as they were. Pure.
 */
export function choicesOf(
  groups: readonly ConflictGroup[],
  picked: ReadonlyMap<string, Wish>,
  before: readonly Choice[],
): Choice[] {
  const shown = groups.flatMap((group) =>
    group.places.map((place) => ({ ...place, object: group.object, field: group.field, group })),
  );
  const unseen = before.filter(
    (choice) =>
      !shown.some(
        (one) =>
          one.cluster === choice.cluster &&
          one.namespace === choice.namespace &&
          one.object === choice.object &&
          one.field === choice.field,
      ),
  );
  return [
    ...unseen,
    ...shown.flatMap(({ group, ...place }): Choice[] => {
      const wish = wishOf(group, picked);
      return wish === null || wish === "abort" ? [] : [{ ...place, manager: group.manager, choice: wish }];
    }),
  ];
}
