import type { LivePatch, LiveTargetDto } from "./schema.ts";

type Workload = LiveTargetDto["workloads"][number];
type LiveEvent = LiveTargetDto["events"][number];

export const targetKey = ({ cluster, namespace }: { cluster: string; namespace: string }): string =>
  `${cluster}/${namespace}`;
const workloadKey = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;
const eventKey = ({ name }: { name: string }): string => `Event ${name}`;
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
/** One order, so that two sides that hold the same say the same. */
const ordered = (workloads: Workload[]): Workload[] =>
  workloads.sort((a, b) => compare(workloadKey(a), workloadKey(b)));
/** The same of events. */
export const newestFirst = (a: LiveEvent, b: LiveEvent): number =>
  compare(b.at ?? "", a.at ?? "") || compare(a.name, b.name);

/** Of a list: what is not as it was, and the keys of what is gone. */
function changesOf<One>(before: readonly One[], after: readonly One[], keyOf: (one: One) => string) {
  const known = new Map(before.map((one) => [keyOf(one), one]));
  const changed: One[] = [];
  for (const one of after) {
    if (!same(one, known.get(keyOf(one)))) changed.push(one);
    known.delete(keyOf(one));
  }
  return { changed, gone: [...known.keys()] };
}

export const wholePatch = (view: LiveTargetDto): LivePatch => ({
  target: targetKey(view),
  whole: true,
  view: { ...view, workloads: ordered([...view.workloads]) },
  gone: [],
});

/** What makes `after` out of `before`; null when they are the same. Pure. */
export function patchOf(before: LiveTargetDto, after: LiveTargetDto): LivePatch | null {
  const workloads = changesOf(before.workloads, after.workloads, workloadKey);
  const events = changesOf(before.events, after.events, eventKey);
  const gone = [...workloads.gone, ...events.gone];
  const { wave, state, version, message, last, drift } = after;
  const view: LivePatch["view"] = {
    ...(wave === before.wave ? {} : { wave }),
    ...(state === before.state ? {} : { state }),
    ...(version === before.version ? {} : { version }),
    ...(message === before.message ? {} : { message }),
    ...(same(last, before.last) ? {} : { last }),
    ...(workloads.changed.length === 0 ? {} : { workloads: workloads.changed }),
    ...(events.changed.length === 0 ? {} : { events: events.changed }),
    ...(same(drift, before.drift) ? {} : { drift }),
  };
  if (Object.keys(view).length === 0 && gone.length === 0) return null;
  return { target: targetKey(after), whole: false, view, gone };
}

/** A target after a patch; one that is not known yet begins with a whole one. Pure. */
export function applyPatch(before: LiveTargetDto, { whole, view, gone }: LivePatch): LiveTargetDto {
  const { workloads = [], events = [] } = view;
  const replaced = new Set([...workloads.map(workloadKey), ...events.map(eventKey), ...gone]);
  const kept = <One>(list: readonly One[], keyOf: (one: One) => string): One[] =>
    whole ? [] : list.filter((one) => !replaced.has(keyOf(one)));
  return {
    ...before,
    ...view,
    workloads: ordered([...kept(before.workloads, workloadKey), ...workloads]),
    events: [...kept(before.events, eventKey), ...events].sort(newestFirst),
  };
}
