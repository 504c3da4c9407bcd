import type { LivePatch, LiveTargetDto } from "./schema.ts";

type Workload = LiveTargetDto["workloads"][number];

export const targetKey = ({ cluster, namespace }: { cluster: string; namespace: string }): string =>
  `${cluster}/${namespace}`;
const workloadKey = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
/** One order, so that two sides that hold the same say the same. */
const ordered = (workloads: Workload[]): Workload[] =>
  workloads.sort((a, b) => (workloadKey(a) < workloadKey(b) ? -1 : 1));

export const wholePatch = (view: LiveTargetDto): LivePatch => ({
  target: targetKey(view),
  whole: true,
  view: { ...view, workloads: ordered([...view.workloads]) },
  gone: [],
});

/** What makes `after` out of `before`; null when they are the same. Pure. */
export function patchOf(before: LiveTargetDto, after: LiveTargetDto): LivePatch | null {
  const known = new Map(before.workloads.map((workload) => [workloadKey(workload), workload]));
  const left = new Set(after.workloads.map(workloadKey));
  const workloads = after.workloads.filter((one) => !same(one, known.get(workloadKey(one))));
  const gone = [...known.keys()].filter((key) => !left.has(key));
  const { wave, state, version, message, last, events, drift } = after;
  const view: LivePatch["view"] = {
    ...(wave === before.wave ? {} : { wave }),
    ...(state === before.state ? {} : { state }),
    ...(version === before.version ? {} : { version }),
    ...(message === before.message ? {} : { message }),
    ...(same(last, before.last) ? {} : { last }),
    ...(workloads.length === 0 ? {} : { workloads }),
    ...(same(events, before.events) ? {} : { events }),
    ...(same(drift, before.drift) ? {} : { drift }),
  };
  if (Object.keys(view).length === 0 && gone.length === 0) return null;
  return { target: targetKey(after), whole: false, view, gone };
}

/** A target after a patch; one that is not known yet begins with a whole one. Pure. */
export function applyPatch(before: LiveTargetDto, { whole, view, gone }: LivePatch): LiveTargetDto {
  const changed = view.workloads ?? [];
  const replaced = new Set([...changed.map(workloadKey), ...gone]);
  const kept = whole ? [] : before.workloads.filter((workload) => !replaced.has(workloadKey(workload)));
  return { ...before, ...view, workloads: ordered([...kept, ...changed]) };
}
