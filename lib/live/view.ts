import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { LABEL } from "#lib/plans/labels.ts";
import { assessWorkload } from "#lib/rollouts/assess.ts";
import type { Deployed } from "./deployed.ts";
import { driftOf } from "./drift.ts";
import { eventsOf } from "./events.ts";
import { CONTROLLERS, EVENT, JOB, POD, REPLICA_SET } from "./hub.ts";
import { type Memo, remember } from "./memo.ts";
import type { LiveTargetDto } from "./schema.ts";
import type { LiveStore } from "./store.ts";

type Workload = LiveTargetDto["workloads"][number];
type Revision = Workload["revisions"][number];
type Drift = LiveTargetDto["drift"][number];

const containersSchema = z.looseObject({
  containers: z.array(z.looseObject({ name: z.string(), image: z.string().default("") })).default([]),
  initContainers: z.array(z.looseObject({ name: z.string() })).default([]),
});
const workloadSchema = z.looseObject({
  paused: z.boolean().default(false),
  template: z.looseObject({ spec: containersSchema }),
});
const ownersSchema = z.array(z.looseObject({ name: z.string(), uid: z.string() }));

export type ViewMemos = {
  workloads: Memo<Workload>;
  drift: Memo<Drift[]>;
  events: Memo<LiveTargetDto["events"][number]>;
};
export const newMemos = (): ViewMemos => ({ workloads: new Map(), drift: new Map(), events: new Map() });

/**
 * Workloads with their revisions and pods, the latest events, and where the target differs from what was deployed. Pure
 * but for `memos`, which make a change of one pod cost one workload; keep them as long as the store.
 */
export function viewOf(
  store: LiveStore,
  deployed: readonly Deployed[],
  memos: ViewMemos,
): Pick<LiveTargetDto, "workloads" | "events" | "drift"> {
  const found = [...CONTROLLERS, JOB].flatMap((kind) => store.all(kind));
  const byOwner = ownedBy([...store.all(POD), ...store.all(REPLICA_SET)]);
  const events = store.all(EVENT).map((event) => ({ event, about: aboutOf(event) }));
  const workloads = found.map((workload) => {
    const { name } = workload.metadata;
    const own = byOwner.get(uidOf(workload)) ?? [];
    const replicaSets = own.filter(({ kind }) => kind === "ReplicaSet");
    const pods = [...own, ...replicaSets.flatMap((set) => byOwner.get(uidOf(set)) ?? [])].filter(
      ({ kind }) => kind === "Pod",
    );
    const about = events.filter((one) => isAbout(one.about, name)).map(({ event }) => event);
    return remember(
      memos.workloads,
      `${workload.kind} ${name}`,
      [workload, ...replicaSets, ...pods, ...about],
      () => workloadOf(workload, { replicaSets, pods, events: about }),
    );
  });
  const shown = events
    .filter(({ about }) => found.some(({ metadata }) => isAbout(about, metadata.name)))
    .map(({ event }) => event);
  return { workloads, events: eventsOf(shown, memos.events), drift: driftIn(store, deployed, memos.drift) };
}

const uidOf = ({ metadata }: Manifest): string => (typeof metadata.uid === "string" ? metadata.uid : "");

function ownedBy(objects: readonly Manifest[]): Map<string, Manifest[]> {
  const owned = new Map<string, Manifest[]>();
  for (const object of objects) {
    for (const { uid } of ownersSchema.safeParse(object.metadata.ownerReferences).data ?? []) {
      const known = owned.get(uid);
      if (known) known.push(object);
      else owned.set(uid, [object]);
    }
  }
  return owned;
}

const aboutSchema = z.object({ involvedObject: z.object({ name: z.string().nullish() }).nullish() });
const aboutOf = (event: Manifest): string => aboutSchema.safeParse(event).data?.involvedObject?.name ?? "";
/** An event is of a workload or of what it made when its object's name begins with the workload's. */
const isAbout = (about: string, workload: string): boolean =>
  about === workload || about.startsWith(`${workload}-`);

function workloadOf(
  workload: Manifest,
  facts: { pods: Manifest[]; replicaSets: Manifest[]; events: Manifest[] },
): Workload {
  const { pods, ...assessment } = assessWorkload({ workload, ...facts, now: new Date() });
  const revisions = new Map<string, Revision>();
  for (const view of pods) {
    const pod = facts.pods.find(({ metadata }) => metadata.name === view.name);
    const labels = pod?.metadata.labels ?? {};
    // Only a Deployment's pods have an owner of their own for each revision.
    const owner = ownersSchema.safeParse(pod?.metadata.ownerReferences).data?.[0]?.name;
    const name = labels["controller-revision-hash"] ?? owner ?? workload.metadata.name;
    const key = `${name} ${view.revision}`;
    const known = revisions.get(key);
    const listed = { ...view, containers: containersIn(pod) };
    if (known) known.pods.push(listed);
    else {
      const release = labels[LABEL.release] ?? null;
      revisions.set(key, { name, revision: view.revision, release, pods: [listed] });
    }
  }
  const { labels } = workload.metadata;
  const spec = workloadSchema.safeParse(workload.spec).data;
  return {
    ...assessment,
    component: labels?.[LABEL.component] ?? "",
    kind: workload.kind,
    name: workload.metadata.name,
    release: labels?.[LABEL.release] ?? null,
    paused: spec?.paused ?? false,
    images: (spec?.template.spec.containers ?? []).map(({ name, image }) => ({ container: name, image })),
    revisions: [...revisions.values()].sort(
      (a, b) => a.revision.localeCompare(b.revision) || a.name.localeCompare(b.name),
    ),
  };
}

function containersIn(pod: Manifest | undefined): string[] {
  const spec = containersSchema.safeParse(pod?.spec).data;
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name }) => name);
}

function driftIn(store: LiveStore, deployed: readonly Deployed[], memo: Memo<Drift[]>): Drift[] {
  return deployed.flatMap(({ component, manifest }) => {
    const { apiVersion, kind, metadata } = manifest;
    const object = `${kind} ${metadata.name}`;
    const live = store.find({ apiVersion, kind, name: metadata.name });
    // A kind that may not be listed: nothing is known of it, and the target says so.
    if (live === undefined) return [];
    if (live === null) {
      const nothing = { field: "", expected: "", actual: "", manager: null };
      return [{ object, component, kind: "missing" as const, ...nothing }];
    }
    return remember(memo, object, [manifest, live], () =>
      driftOf(manifest, live).map((drift) => ({ object, component, kind: "changed" as const, ...drift })),
    );
  });
}
