import { z } from "zod";
import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { LABEL, labelSelector } from "#lib/plans/labels.ts";
import { assessWorkload } from "#lib/rollouts/assess.ts";
import { eventSchema, timeOf } from "#lib/rollouts/facts.ts";
import { type LiveDto, WORKLOAD_KINDS } from "./schema.ts";

type Target = LiveDto["targets"][number];
type Workload = Target["workloads"][number];

const EVENTS = 50;
const workloadSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(z.looseObject({ name: z.string(), image: z.string().default("") })),
      }),
    }),
  }),
});
const ownersSchema = z.array(z.looseObject({ name: z.string() }));

/** Workloads with their revisions and pods, and the latest events, as one cluster tells them now. */
export async function lookAtLive(
  client: Cluster,
  place: { project: string; environment: string; namespace: string },
  signal: AbortSignal,
): Promise<Pick<Target, "workloads" | "events">> {
  const { namespace } = place;
  const list = async (apiVersion: string, kind: string, selector?: string) =>
    (await client.list({ apiVersion, kind, namespace }, { labelSelector: selector, signal })).items;
  const ours = labelSelector(place);
  const [pods, replicaSets, events, ...kinds] = await Promise.all([
    list("v1", "Pod", ours),
    list("apps/v1", "ReplicaSet", ours),
    list("v1", "Event"),
    ...WORKLOAD_KINDS.map((kind) => list("apps/v1", kind, ours)),
  ]);
  const now = new Date();
  const workloads = kinds.flat().map((workload) => workloadOf(workload, { pods, replicaSets, events, now }));
  return { workloads, events: eventsOf(events, workloads) };
}

function workloadOf(
  workload: Manifest,
  facts: { pods: Manifest[]; replicaSets: Manifest[]; events: Manifest[]; now: Date },
): Workload {
  const { pods, ...assessment } = assessWorkload({ workload, ...facts });
  const revisions = new Map<string, Workload["revisions"][number]>();
  for (const view of pods) {
    const pod = facts.pods.find(({ metadata }) => metadata.name === view.name);
    const name =
      ownersSchema.safeParse(pod?.metadata.ownerReferences).data?.[0]?.name ?? workload.metadata.name;
    const release = pod?.metadata.labels?.[LABEL.release] ?? null;
    // Only a Deployment's pods have an owner of their own for each revision.
    const key = `${name} ${view.revision}`;
    const known = revisions.get(key);
    if (known) known.pods.push(view);
    else revisions.set(key, { name, revision: view.revision, release, pods: [view] });
  }
  const { labels } = workload.metadata;
  const containers = workloadSchema.safeParse(workload).data?.spec.template.spec.containers ?? [];
  return {
    ...assessment,
    component: labels?.[LABEL.component] ?? "",
    kind: workload.kind,
    name: workload.metadata.name,
    release: labels?.[LABEL.release] ?? null,
    images: containers.map(({ name, image }) => ({ container: name, image })),
    revisions: [...revisions.values()].sort((a, b) => a.revision.localeCompare(b.revision)),
  };
}

const shownEvent = z.looseObject({ type: z.string().default(""), count: z.number().nullish() });

/** Events about the workloads and what belongs to them: their names begin with the workload's. */
function eventsOf(events: readonly Manifest[], workloads: readonly Workload[]): Target["events"] {
  const names = workloads.map(({ name }) => name);
  return events
    .flatMap((manifest) => {
      const event = eventSchema.parse(manifest);
      const { type, count } = shownEvent.parse(manifest);
      const about = event.involvedObject;
      const object = `${about?.kind ?? ""} ${about?.name ?? ""}`;
      if (!names.some((name) => about?.name === name || about?.name?.startsWith(`${name}-`))) return [];
      return [
        {
          at: timeOf(event),
          type,
          reason: event.reason ?? "",
          object,
          message: event.message ?? "",
          count: count ?? 1,
        },
      ];
    })
    .sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""))
    .slice(0, EVENTS);
}
