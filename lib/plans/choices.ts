import type { Blocker } from "#lib/errors.ts";
import { withSecretVersions } from "./assemble.ts";
import type { ConflictChoice, PlanManifests, PlanReview } from "./content.ts";
import { withoutField } from "./field-path.ts";

type Target = PlanManifests["targets"][number];
type PlannedObject = Target["objects"][number];
type Place = { cluster: string; namespace: string };
/** A field that somebody else owns, as a target was found. */
export type MetConflict = Place & { object: string; field: string; manager: string };

/** Who stands for an autoscaler among the owners of fields; its writes are not always recorded as its own. */
export const autoscalerManager = (name: string): string => `HorizontalPodAutoscaler ${name}`;
export const objectName = ({ kind, metadata }: PlannedObject["manifest"]): string =>
  `${kind} ${metadata.name}`;

/** Names a conflict, whatever is decided about it. */
export const conflictKey = ({ cluster, namespace, object, field, manager }: MetConflict): string =>
  JSON.stringify([cluster, namespace, object, field, manager]);
/** The same choices in one order, each conflict once (the last word counts): equal decisions give equal digests. */
export function orderedChoices(choices: readonly ConflictChoice[]): ConflictChoice[] {
  const byKey = new Map(choices.map((choice) => [conflictKey(choice), choice]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, choice]) => choice);
}

/** Whether two lists decide the same. */
export const sameChoices = (a: readonly ConflictChoice[], b: readonly ConflictChoice[]): boolean =>
  saysAll(a, b) && saysAll(b, a);
const wordOf = (choice: ConflictChoice): string => `${conflictKey(choice)} ${choice.choice}`;
/** Whether everything that `b` decides is decided alike in `a`. */
export function saysAll(a: readonly ConflictChoice[], b: readonly ConflictChoice[]): boolean {
  const words = new Set(a.map(wordOf));
  return b.every((choice) => words.has(wordOf(choice)));
}

/** What is applied once people have decided: fields left to others are taken out, taken over ones are named. Pure. */
export function withChoices(manifests: PlanManifests, choices: readonly ConflictChoice[]): PlanManifests {
  if (choices.length === 0) return manifests;
  const targets = manifests.targets.map((target): Target => {
    const own = choicesIn(target, choices);
    return { ...target, objects: target.objects.map((object) => decided(object, own)) };
  });
  return { ...manifests, targets };
}

const choicesIn = ({ cluster, namespace }: Place, choices: readonly ConflictChoice[]): ConflictChoice[] =>
  choices.filter((choice) => choice.cluster === cluster && choice.namespace === namespace);

function decided(object: PlannedObject, choices: readonly ConflictChoice[]): PlannedObject {
  const own = choices.filter((choice) => choice.object === objectName(object.manifest));
  const taken = own.filter(({ choice }) => choice === "take_over");
  const known = (field: string, manager: string) =>
    object.takeOver.some((one) => one.field === field && one.manager === manager);
  const left = own.filter(({ choice }) => choice === "leave").map(({ field }) => field);
  return {
    ...left.reduce(withoutPlanned, object),
    takeOver: [
      ...object.takeOver,
      ...taken
        .filter(({ field, manager }) => !known(field, manager))
        .map(({ field, manager }) => ({ field, manager })),
    ],
  };
}

const VALUE = ".data.";

/** An object that leaves a field alone. Values of a Secret are not in the plan: the name of one is taken out. */
function withoutPlanned(object: PlannedObject, field: string): PlannedObject {
  const { manifest, secretVersions } = object;
  if (!secretVersions || !field.startsWith(VALUE))
    return { ...object, manifest: withoutField(manifest, field) };
  const { [field.slice(VALUE.length)]: _left, ...versions } = secretVersions;
  return { ...object, manifest: withSecretVersions(manifest, versions), secretVersions: versions };
}

/** Conflicts that nobody decided to take over. Force is for an object of which this is empty. */
export const undecided = <Conflict extends { field: string; manager: string }>(
  conflicts: readonly Conflict[],
  takeOver: PlannedObject["takeOver"],
): Conflict[] =>
  conflicts.filter(
    ({ field, manager }) => !takeOver.some((one) => one.field === field && one.manager === manager),
  );

/**
 * Which choices still have something to decide. Pure.
 * @param met conflicts found in the targets as they are, before any choice
 * @param unseen targets that gave no answer: what was decided there stands
 */
export function settleChoices(
  choices: readonly ConflictChoice[],
  met: readonly MetConflict[],
  unseen: readonly Place[],
): { standing: ConflictChoice[]; checks: PlanReview["checks"] } {
  const keys = new Set(met.map(conflictKey));
  const stands = (choice: ConflictChoice) =>
    keys.has(conflictKey(choice)) || unseen.some((place) => choicesIn(place, [choice]).length > 0);
  const gone = choices.filter((choice) => !stands(choice));
  return {
    standing: orderedChoices(choices.filter(stands)),
    checks: gone.map(({ cluster, namespace, object, field, manager }) => ({
      code: "CHOICE_DROPPED",
      state: "warning",
      message: `${cluster}/${namespace}: ${object}: ${field} is no conflict with ${manager} any more; the choice about it is dropped`,
      facts: { cluster, namespace, object, field, manager },
    })),
  };
}

/** Taking a field over from an autoscaler that goes on writing it is no decision. Pure. */
export const pointless = (choices: readonly ConflictChoice[]): Blocker[] =>
  choices
    .filter(({ choice, manager }) => choice === "take_over" && manager.startsWith(autoscalerManager("")))
    .map(({ cluster, object, field, manager }) => ({
      code: "TAKE_OVER_POINTLESS",
      message: `${cluster}: ${object}: ${manager} writes ${field} again at once: leave it, or remove the autoscaler`,
      facts: { cluster, object, field, manager },
      liftedBy: ["ops"],
    }));
