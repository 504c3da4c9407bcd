import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { LABEL, labelSelector } from "#lib/plans/labels.ts";
import { assessWorkload } from "#lib/rollouts/assess.ts";
import type { Cause } from "#lib/rollouts/schema.ts";
import type { Progress } from "../content.ts";
import type { StepInput } from "./outcome.ts";

/** Kinds whose coming up is watched. */
export const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "Job"];
const LOG_LINES = 20;

/** Every workload of a target's plan, judged with its pods and events. */
export async function lookAtWorkloads({ run, plan, client, target, signal }: StepInput): Promise<Progress> {
  const planned = plan.objects.filter(({ manifest }) => WORKLOADS.includes(manifest.kind));
  if (planned.length === 0) return [];
  const { namespace } = plan;
  const labels = labelSelector({ project: run.project.key, environment: run.environment.key });
  const list = (apiVersion: string, kind: string, labelSelector?: string) =>
    client.list({ apiVersion, kind, namespace }, { labelSelector, signal });
  const [pods, replicaSets, events] = await Promise.all([
    list("v1", "Pod", labels),
    list("apps/v1", "ReplicaSet", labels),
    list("v1", "Event"),
  ]);
  const applied = target.steps.find(({ name }) => name === "apply");
  const now = new Date();
  return Promise.all(
    planned.map(async ({ component, manifest }) => {
      const { apiVersion, kind, metadata } = manifest;
      const { name } = metadata;
      const base = { component, kind, name };
      const live = await client.get({ apiVersion, kind, name, namespace }, { signal });
      if (!live) return { ...base, ...GONE, cause: goneCause(kind, name) };
      const ours = (objects: Manifest[]) =>
        objects.filter((object) => object.metadata.labels?.[LABEL.component] === component);
      const generation = applied?.detail?.objects?.find(
        ({ object }) => object === `${kind} ${name}`,
      )?.generation;
      const assessment = assessWorkload({
        workload: live,
        pods: ours(pods.items),
        replicaSets: ours(replicaSets.items),
        events: events.items,
        now,
        deployed: { generation, ...(applied?.startedAt ? { at: applied.startedAt } : {}) },
      });
      return { ...base, ...assessment };
    }),
  );
}

const GONE = {
  state: "failed" as const,
  desired: 0,
  updated: 0,
  ready: 0,
  available: 0,
  oldPods: 0,
  pods: [],
};
const goneCause = (kind: string, name: string): Cause => ({
  code: "UNKNOWN",
  message: `${kind} ${name} was deleted by somebody else`,
  facts: { object: `${kind} ${name}` },
  evidence: [],
});

/** A cause with the last words of the container that it names: of its previous life, else of the present one. */
export async function withLog(
  cause: Cause,
  input: { client: Cluster; namespace: string; signal: AbortSignal },
): Promise<Cause> {
  const { pod, container } = cause.facts;
  if (typeof pod !== "string" || typeof container !== "string") return cause;
  const ref = { namespace: input.namespace, name: pod };
  for (const previous of [true, false]) {
    try {
      const text = await input.client.podLog(
        ref,
        { container, previous, tailLines: LOG_LINES },
        { signal: input.signal },
      );
      const lines = text.split("\n").filter((line) => line.trim() !== "");
      if (lines.length === 0) continue;
      const said = lines.map((line) => ({ source: "log" as const, text: line.slice(0, 1000), at: null }));
      return { ...cause, evidence: [...cause.evidence, ...said] };
    } catch {
      // No log is no reason to lose the cause: the container may never have started.
    }
  }
  return cause;
}
