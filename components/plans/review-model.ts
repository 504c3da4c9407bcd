import { rowsOf } from "#components/ui/diff-lines.ts";
import { shortDigest } from "#components/ui/text.ts";
import type { PlanDto } from "#lib/plans/schema.ts";

export type PlanTarget = PlanDto["targets"][number];
export type PlanObject = PlanTarget["objects"][number];
export type ChangeSource = NonNullable<PlanObject["diff"][number]["source"]>;
/** A changed object with the key by which it is opened, ticked off and jumped to. */
export type ReviewEntry = { key: string; object: PlanObject };
/** Targets whose changes are the same line for line, in order of waves; the first one's objects stand for all. */
export type ReviewGroup = {
  key: string;
  targets: [PlanTarget, ...PlanTarget[]];
  entries: ReviewEntry[];
  unchanged: PlanObject[];
};

const entryKey = (target: PlanTarget, object: PlanObject) =>
  `${target.cluster}/${target.namespace}/${object.kind}/${object.name}`;

/** What changes for the eye: two targets with equal signatures are read once, whatever they are called. */
function signature({ cluster, namespace }: PlanTarget, objects: PlanObject[]): string {
  const names = [cluster, namespace].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const own = new RegExp(`(?<![\\w-])(?:${names.join("|")})(?![\\w-])`, "g");
  const plain = (text: string) => text.replace(own, "<target>");
  const content = objects.map(({ kind, name, change, diff, conflicts, warnings, dropped }) => [
    kind,
    plain(name),
    change,
    // Lines that stay may differ (an address that the cluster gave); those that change may not.
    diff.flatMap(({ kind: side, text, origin }) =>
      side === "same" ? [] : [`${side} ${origin} ${plain(text)}`],
    ),
    conflicts.map(({ since: _since, line: _line, ...conflict }) => conflict),
    warnings.map(plain),
    dropped,
  ]);
  return JSON.stringify(content);
}

const WEIGHT = ["config", "artifact", "template", "cluster", "release"];
/** What a reader wants to see first: objects that come and go, then values, images, templates; labels alone last. */
export function weightOf(object: PlanObject): number {
  if (object.change !== "change" || object.conflicts.length > 0) return 0;
  return Math.min(WEIGHT.length, ...[...sourcesOf(object)].map((source) => WEIGHT.indexOf(source)));
}

/** What needs no look: nothing changes, and nothing is to be decided or was. */
const isUnchanged = ({ change, conflicts }: PlanObject): boolean =>
  change === "unchanged" && conflicts.length === 0;

/** Targets in order of waves, those with the same changes together, unchanged objects set apart. */
export function reviewGroups(targets: PlanTarget[]): ReviewGroup[] {
  const groups = new Map<string, ReviewGroup>();
  for (const target of [...targets].sort((a, b) => a.wave - b.wave)) {
    const changed = target.objects.filter((object) => !isUnchanged(object));
    const place = `${target.cluster}/${target.namespace}`;
    const key = changed.length > 0 ? signature(target, changed) : place;
    const known = groups.get(key);
    if (known) known.targets.push(target);
    else
      groups.set(key, {
        key: place,
        targets: [target],
        entries: [...changed]
          .sort((a, b) => weightOf(a) - weightOf(b))
          .map((object) => ({ key: entryKey(target, object), object })),
        unchanged: target.objects.filter(isUnchanged),
      });
  }
  return [...groups.values()];
}

/** Entries that a reader goes through: those of identical targets once. */
export const distinctEntries = (groups: ReviewGroup[]): ReviewEntry[] =>
  groups.flatMap(({ entries }) => entries);

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
/** How many entries are created, changed and deleted, of those that a reader goes through. */
export function countKinds(entries: ReviewEntry[]): [PlanObject["change"], number][] {
  const counts = new Map<PlanObject["change"], number>();
  for (const { object } of entries) counts.set(object.change, (counts.get(object.change) ?? 0) + 1);
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

const NUMBERS = ["replicas", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"];

/** Names of the config values that change something, each once; the numbers that every new workload has are no news. */
export function changedValues(entries: ReviewEntry[], origins: PlanDto["origins"]): string[] {
  const names = entries.flatMap(({ object }) =>
    originsOf(object, origins).flatMap((origin) =>
      origin.source !== "config"
        ? []
        : origin.values.flatMap(({ name, layer }) =>
            layer === "component" || (object.change === "create" && NUMBERS.includes(name)) ? [] : [name],
          ),
    ),
  );
  return [...new Set(names)];
}

/** What an object's changes come from, each once, in the order of its lines. */
export const originsOf = (object: PlanObject, origins: PlanDto["origins"]): PlanDto["origins"] =>
  [...new Set(object.diff.flatMap(({ origin }) => origin ?? []))].flatMap((index) => origins[index] ?? []);
