import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { canonicalJson } from "#lib/canonical-json.ts";
import { AdapterError } from "#lib/errors.ts";
import { labelSelector } from "#lib/plans/labels.ts";
import { reviewText } from "#lib/plans/normalize.ts";
import type { COMPARED_PARTS, Comparison } from "../content.ts";
import type { Run, TargetRun } from "../run.ts";

type Part = (typeof COMPARED_PARTS)[number];
type Side = Readonly<Record<Part, readonly string[] | null>>;
type TargetPlan = Run["plan"]["manifests"]["targets"][number];
const LINES = 40;

/**
 * What is the same and what differs, part by part; lines that both sides have are left out. Pure.
 * A side that could not be read (null) is neither the same nor different.
 */
export function compareSides(here: Side, there: Side, parts: readonly Part[]): Comparison["parts"] {
  return parts.map((part) => {
    const [own, other] = [here[part], there[part]];
    if (!own || !other) return { part, same: null, here: [...(own ?? [])], there: [...(other ?? [])] };
    const same = isDeepStrictEqual(own, other);
    const without = (lines: readonly string[], rest: readonly string[]) =>
      lines.filter((line) => !rest.includes(line)).slice(0, LINES);
    return same
      ? { part, same, here: own.slice(0, LINES), there: [] }
      : { part, same, here: without(own, other), there: without(other, own) };
  });
}

/** The manifests of a target as lines, without the names of its own cluster and namespace. */
function manifestLines(plan: TargetPlan): string[] {
  return plan.objects.flatMap(({ manifest, secretVersions }) =>
    reviewText(manifest, secretVersions)
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => `${manifest.kind} ${manifest.metadata.name}: ${line.trim()}`)
      .map((line) => line.replaceAll(plan.namespace, "<namespace>").replaceAll(plan.cluster, "<cluster>")),
  );
}

const secretLines = (plan: TargetPlan): string[] =>
  plan.objects.flatMap(({ manifest, secretVersions }) =>
    Object.entries(secretVersions ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => `${manifest.metadata.name}: ${name} v${version}`),
  );

const podSchema = z.looseObject({
  spec: z.looseObject({ nodeName: z.string().optional() }),
  status: z.looseObject({
    containerStatuses: z
      .array(z.looseObject({ name: z.string(), imageID: z.string().default("") }))
      .default([]),
  }),
});
const quotaSchema = z.looseObject({
  spec: z.looseObject({ hard: z.record(z.string(), z.string()).default({}) }),
  // Written by a controller a moment later.
  status: z.looseObject({ used: z.record(z.string(), z.string()).default({}) }).default({ used: {} }),
});
const nodeSchema = z.looseObject({
  status: z.looseObject({
    allocatable: z.record(z.string(), z.string()).default({}),
    nodeInfo: z.looseObject({ kubeletVersion: z.string(), architecture: z.string() }).partial().default({}),
  }),
});

/** Answer, or null when the portal may not read it or it is not there: a comparison is a help, never a reason to fail. */
async function orNull<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AdapterError) return null;
    throw error;
  }
}

const sortedUnique = (lines: readonly string[]): string[] => [...new Set(lines)].sort();

/** What one target is like now: the plan's part and what the cluster says. */
async function sideOf(
  run: Pick<Run, "project" | "environment">,
  plan: TargetPlan,
  client: Cluster,
  signal: AbortSignal,
): Promise<Side> {
  const { namespace } = plan;
  const selector = labelSelector({ project: run.project.key, environment: run.environment.key });
  const list = (apiVersion: string, kind: string, labels?: string) =>
    orNull(
      async () =>
        (await client.list({ apiVersion, kind, namespace }, { labelSelector: labels, signal })).items,
    );
  const [pods, quotas, place, version] = await Promise.all([
    list("v1", "Pod", selector),
    list("v1", "ResourceQuota"),
    orNull(() => client.get({ apiVersion: "v1", kind: "Namespace", name: namespace }, { signal })),
    orNull(() => client.version({ signal })),
  ]);
  const parsed = pods?.flatMap((pod) => podSchema.safeParse(pod).data ?? []) ?? null;
  const names = parsed && sortedUnique(parsed.flatMap(({ spec }) => spec.nodeName ?? []));
  return {
    manifest: manifestLines(plan),
    secrets: secretLines(plan),
    image:
      parsed &&
      sortedUnique(
        parsed.flatMap(({ status }) =>
          status.containerStatuses
            .filter(({ imageID }) => imageID !== "")
            .map(({ name, imageID }) => `${name}: ${imageID.replace(/^.*@/, "")}`),
        ),
      ),
    nodes: names && (await nodeLines(client, names, signal)),
    quota: quotas?.flatMap(quotaLines) ?? null,
    pod_security: place && podSecurityLines(place),
    version: version && [version.gitVersion],
  };
}

/** Kinds of nodes, not their names: these differ in every cluster. */
async function nodeLines(
  client: Cluster,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string[] | null> {
  const nodes = await Promise.all(
    names
      .slice(0, 10)
      .map((name) => orNull(() => client.get({ apiVersion: "v1", kind: "Node", name }, { signal }))),
  );
  const found = nodes.flatMap((node) => nodeSchema.safeParse(node).data ?? []);
  if (found.length === 0) return names.length === 0 ? ["no pod is on a node"] : null;
  return sortedUnique(
    found.map(({ status: { allocatable, nodeInfo } }) => {
      const { cpu = "?", memory = "?", pods = "?" } = allocatable;
      return `${nodeInfo.architecture ?? "?"}, kubelet ${nodeInfo.kubeletVersion ?? "?"}, cpu ${cpu}, memory ${memory}, pods ${pods}`;
    }),
  );
}

const quotaLines = (quota: Manifest): string[] => {
  const found = quotaSchema.safeParse(quota).data;
  return Object.entries(found?.spec.hard ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${quota.metadata.name}: ${name} ${found?.status.used[name] ?? "0"} of ${hard}`);
};

const podSecurityLines = (namespace: Manifest): string[] =>
  Object.entries(namespace.metadata.labels ?? {})
    .filter(([name]) => name.startsWith("pod-security.kubernetes.io/"))
    .map(([name, value]) => `${name.replace("pod-security.kubernetes.io/", "")}: ${value}`)
    .sort();

/** A failed target beside a healthy one of the same deployment, as both are at this moment. */
export async function compareTargets(
  run: Run,
  failed: { target: TargetRun; plan: TargetPlan; client: Cluster },
  healthy: { target: TargetRun; plan: TargetPlan; client: Cluster },
  signal: AbortSignal,
): Promise<Comparison> {
  const [here, there] = await Promise.all(
    [failed, healthy].map(({ plan, client }) => sideOf(run, plan, client, signal)),
  );
  if (!here || !there) throw new Error(`two sides of ${canonicalJson(run.id)}`);
  const parts: Part[] = ["manifest", "secrets", "image", "nodes", "quota", "pod_security", "version"];
  const { cluster, namespace } = healthy.plan;
  return { with: { cluster, namespace }, parts: compareSides(here, there, parts) };
}
