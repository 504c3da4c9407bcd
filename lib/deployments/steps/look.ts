import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { LABEL, labelSelector } from "#lib/plans/labels.ts";
import { assessWorkload } from "#lib/rollouts/assess.ts";
import type { Cause } from "#lib/rollouts/schema.ts";
import type { Progress } from "../content.ts";
import type { StepInput } from "./outcome.ts";

/** Kinds whose coming up is watched. */
export const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "Job"];
const LOG_LINES = 20;

/** A workload of the plan with the step that wrote it, and how it stands in the cluster; null when it is gone. */
export type Written = {
  component: string;
  manifest: StepInput["plan"]["objects"][number]["manifest"];
  writer: StepInput["step"];
  live: Manifest | null;
};

/**
 * Every workload of a target's plan that has been written in this attempt, as the cluster has it; what a later phase of
 * the plan writes is still the old version, or not there at all.
 */
export function readWorkloads(input: StepInput): Promise<Written[]> {
  const { plan, target } = input;
  const written = plan.objects.flatMap(({ component, manifest, phase }) => {
    const writer = target.steps.find(({ name, state }) => name === phase && state === "succeeded");
    return writer && WORKLOADS.includes(manifest.kind) ? [{ component, manifest, writer, live: null }] : [];
  });
  return readAgain(input, written);
}

/** The same workloads as they are now. */
export const readAgain = (
  { plan, client, signal }: StepInput,
  workloads: readonly Written[],
): Promise<Written[]> =>
  Promise.all(
    workloads.map(async (one) => {
      const { apiVersion, kind, metadata } = one.manifest;
      const ref = { apiVersion, kind, name: metadata.name, namespace: plan.namespace };
      return { ...one, live: await client.get(ref, { signal }) };
    }),
  );

/** `readWorkloads`, judged with their pods and events. */
export const lookAtWorkloads = async (input: StepInput): Promise<Progress> =>
  judgeWorkloads(input, await readWorkloads(input));

export async function judgeWorkloads(
  { run, plan, client, signal }: StepInput,
  planned: readonly Written[],
): Promise<Progress> {
  if (planned.length === 0) return [];
  const { namespace } = plan;
  const labels = labelSelector({ project: run.project.key, environment: run.environment.key });
  const list = async (apiVersion: string, kind: string, labelSelector?: string) =>
    (await client.list({ apiVersion, kind, namespace }, { labelSelector, signal })).items;
  const [pods, replicaSets] = await Promise.all([
    list("v1", "Pod", labels),
    list("apps/v1", "ReplicaSet", labels),
  ]);
  const now = new Date();
  const judge = (events: Manifest[]): Progress =>
    planned.map(({ component, manifest: { kind, metadata }, writer, live: workload }) => {
      const base = { component, kind, name: metadata.name };
      if (!workload) return { ...base, ...GONE, cause: goneCause(kind, metadata.name) };
      const ours = (objects: Manifest[]) =>
        objects.filter((object) => object.metadata.labels?.[LABEL.component] === component);
      const written = writer.detail?.objects?.find(({ object }) => object === `${kind} ${metadata.name}`);
      const deployed = {
        generation: written?.generation,
        ...(writer.startedAt ? { at: writer.startedAt } : {}),
      };
      const facts = { workload, pods: ours(pods), replicaSets: ours(replicaSets), events, now, deployed };
      return { ...base, ...assessWorkload(facts) };
    });
  const seen = judge([]);
  // Events say why something is not well, nothing else: a namespace may have thousands.
  return seen.every(({ state }) => state === "healthy") ? seen : judge(await list("v1", "Event"));
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
