import type { StateName } from "#components/ui/states.ts";
import { shortDigest } from "#components/ui/text.ts";
import type { LiveDto } from "#lib/live/schema.ts";

export type LiveTarget = LiveDto["targets"][number];
export type LiveWorkload = LiveTarget["workloads"][number];
export type LivePod = LiveWorkload["revisions"][number]["pods"][number];
export type PickedPod = { cluster: string; namespace: string; pod: string };

/** Health of one target: unknown is never good. */
export function healthOf(target: LiveTarget): StateName {
  if (target.state === "unknown") return "unknown";
  if (target.workloads.length === 0) return "missing";
  if (target.workloads.some(({ state }) => state === "failed")) return "unhealthy";
  return target.workloads.every(({ state }) => state === "healthy") ? "healthy" : "progressing";
}

/** How many targets are in each state, for the head of the page; states that nobody is in are left out. */
export function countHealth(targets: LiveTarget[]): [StateName, number][] {
  const counts = new Map<StateName, number>();
  for (const target of targets) {
    const health = healthOf(target);
    counts.set(health, (counts.get(health) ?? 0) + 1);
  }
  return [...counts];
}

export const WORKLOAD_STATES: Readonly<Record<LiveWorkload["state"], StateName>> = {
  healthy: "healthy",
  progressing: "progressing",
  failed: "unhealthy",
};

/** Components in one order for all clusters, so that rows stand side by side. */
export const inOrder = (workloads: LiveWorkload[]): LiveWorkload[] =>
  [...workloads].sort((a, b) => a.component.localeCompare(b.component) || a.name.localeCompare(b.name));

/** The part of a pod's name that tells it from its siblings. */
export const shortPod = (pod: string, workload: string): string =>
  pod.startsWith(`${workload}-`) ? pod.slice(workload.length + 1) : pod;

export function findPod(
  targets: LiveTarget[],
  picked: PickedPod | null,
): { target: LiveTarget; workload: LiveWorkload; pod: LivePod } | null {
  if (picked === null) return null;
  const target = targets.find(
    ({ cluster, namespace }) => cluster === picked.cluster && namespace === picked.namespace,
  );
  for (const workload of target?.workloads ?? []) {
    const pod = workload.revisions.flatMap(({ pods }) => pods).find(({ name }) => name === picked.pod);
    if (target !== undefined && pod !== undefined) return { target, workload, pod };
  }
  return null;
}

/** A message of the cluster with its image digests cut in the middle. */
export const shortDigests = (text: string): string =>
  text.replace(/sha256:[0-9a-f]{64}/g, (digest) => shortDigest(digest));
