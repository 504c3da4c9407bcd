import { rowsOf } from "#components/ui/diff-lines.ts";
import { shortDigest } from "#components/ui/text.ts";
import type { PlanDto } from "#lib/plans/schema.ts";

export type PlanTarget = PlanDto["targets"][number];
export type PlanObject = PlanTarget["objects"][number];
export type ChangeSource = NonNullable<PlanObject["diff"][number]["source"]>;
/** A changed object with the key by which it is opened, ticked off and jumped to. */
export type ReviewEntry = { key: string; object: PlanObject };
export type ReviewTarget = {
  target: PlanTarget;
  entries: ReviewEntry[];
  unchanged: PlanObject[];
  /** Cluster of an earlier target with line for line the same changes; its entries stand for these. */
  sameAs: string | null;
};

const entryKey = (target: PlanTarget, object: PlanObject) =>
  `${target.cluster}/${target.namespace}/${object.kind}/${object.name}`;

/** What changes for the eye: two targets with equal signatures are read once. */
const signature = (objects: PlanObject[]) =>
  JSON.stringify(
    objects.map(({ kind, name, change, diff, conflicts, warnings }) => [
      kind,
      name,
      change,
      // Lines that stay may differ (an address that the cluster gave); those that change may not.
      diff.flatMap(({ kind: side, text }) => (side === "same" ? [] : [side + text])),
      conflicts,
      warnings,
    ]),
  );

const WEIGHT = ["config", "artifact", "template", "cluster", "release"];
/** What a reader wants to see first: objects that come and go, then values, images, templates; labels alone last. */
export function weightOf(object: PlanObject): number {
  if (object.change !== "change" || object.conflicts.length > 0) return 0;
  return Math.min(WEIGHT.length, ...[...sourcesOf(object)].map((source) => WEIGHT.indexOf(source)));
}

/** Targets in order of waves, unchanged objects set apart, identical targets told. */
export function reviewTargets(targets: PlanTarget[]): ReviewTarget[] {
  const first = new Map<string, string>();
  return [...targets]
    .sort((a, b) => a.wave - b.wave)
    .map((target) => {
      const changed = target.objects.filter(({ change }) => change !== "unchanged");
      const known = changed.length > 0 ? first.get(signature(changed)) : undefined;
      if (known === undefined) first.set(signature(changed), target.cluster);
      return {
        target,
        entries: [...changed]
          .sort((a, b) => weightOf(a) - weightOf(b))
          .map((object) => ({ key: entryKey(target, object), object })),
        unchanged: target.objects.filter(({ change }) => change === "unchanged"),
        sameAs: known ?? null,
      };
    });
}

/** Entries that a reader goes through: those of identical targets once. */
export const distinctEntries = (targets: ReviewTarget[]): ReviewEntry[] =>
  targets.filter(({ sameAs }) => sameAs === null).flatMap(({ entries }) => entries);

export function countChanges(targets: PlanTarget[]): Record<PlanObject["change"], number> {
  const counts = { create: 0, change: 0, unchanged: 0, delete: 0 };
  for (const { change } of targets.flatMap(({ objects }) => objects)) counts[change] += 1;
  return counts;
}

/** How many objects have lines from each source, of those that a reader goes through. */
export function countSources(entries: ReviewEntry[]): [ChangeSource, number][] {
  const counts = new Map<ChangeSource, number>();
  for (const { object } of entries) {
    for (const source of sourcesOf(object)) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return [...counts];
}
export const sourcesOf = (object: PlanObject): Set<ChangeSource> =>
  new Set(object.diff.flatMap(({ source }) => (source === null ? [] : [source])));

const PAIR = /^\s*(?:- )?"?([^":\s]+)"?:\s*(.+)$/;
const short = (value: string) => {
  const digest = /sha256:[0-9a-f]{64}/.exec(value)?.[0];
  if (digest !== undefined) return shortDigest(digest).replace("sha256:", "");
  return value.length > 32 ? `${value.slice(0, 31)}…` : value;
};

/** The one changed value that says most about an object, for its folded row; null where no line was replaced. */
export function gistOf(object: PlanObject): { name: string; before: string; after: string } | null {
  const rows = rowsOf(object.diff).filter(({ kind }) => kind === "change");
  const ranked = WEIGHT.flatMap((source) => rows.filter(({ line }) => line.source === source));
  for (const { left = "", right = "" } of ranked) {
    const [, name, before] = PAIR.exec(left) ?? [];
    const [, same, after] = PAIR.exec(right) ?? [];
    if (name !== undefined && name === same && before !== undefined && after !== undefined)
      return { name, before: short(before), after: short(after) };
  }
  return null;
}

/** Names of the config values that change, each once. */
export function changedValues(entries: ReviewEntry[]): string[] {
  const names = entries.flatMap(({ object }) =>
    object.diff.flatMap(({ kind, source, text }) => {
      const name = source === "config" && kind !== "same" ? PAIR.exec(text)?.[1] : undefined;
      // A checksum rolls the pods; the value behind it is what the reader wants to see.
      return name === undefined || name.startsWith("refract.dev/") ? [] : [name];
    }),
  );
  return [...new Set(names)];
}
