import { type ContainerStatus, conditionOf, type Pod } from "./facts.ts";
import type { PodView } from "./schema.ts";

const FAILING_REASONS = new Set([
  "CrashLoopBackOff",
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** Init containers first: as long as one of them is in trouble, the others have not begun. */
export const containersOf = (pod: Pod): ContainerStatus[] => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

export const isReady = (pod: Pod): boolean => conditionOf(pod.status?.conditions, "Ready")?.status === "True";

/** Ended with an error, now or in the run before; a loop of clean exits is no better. Null for a sound container. */
export const crashOf = ({ state, lastState }: ContainerStatus) => {
  if (state?.waiting?.reason === "CrashLoopBackOff") return lastState?.terminated ?? {};
  const ended = [state?.terminated, lastState?.terminated];
  return ended.find((run) => run && run.exitCode !== 0) ?? null;
};

function isFailing(container: ContainerStatus): boolean {
  if (FAILING_REASONS.has(container.state?.waiting?.reason ?? "")) return true;
  return container.ready !== true && crashOf(container) !== null;
}

function stateOf(pod: Pod, containers: ContainerStatus[]): PodView["state"] {
  if (pod.metadata.deletionTimestamp) return "terminating";
  const phase = pod.status?.phase;
  if (phase === "Succeeded") return "succeeded";
  if (phase === "Failed") return "failing";
  if (isReady(pod)) return "ready";
  if (containers.some(isFailing)) return "failing";
  return pod.spec?.nodeName ? "starting" : "pending";
}

function reasonOf(pod: Pod, container: ContainerStatus | undefined): string | null {
  const { waiting, terminated } = container?.state ?? {};
  const scheduled = conditionOf(pod.status?.conditions, "PodScheduled");
  return (
    pod.status?.reason ??
    waiting?.reason ??
    terminated?.reason ??
    (scheduled?.status === "False" ? scheduled.reason : null) ??
    null
  );
}

/** What a person is shown of one pod. */
export function viewPod(pod: Pod, revision: PodView["revision"]): PodView {
  const containers = containersOf(pod);
  const container = containers.find(isFailing) ?? pod.status?.containerStatuses?.[0];
  const declared =
    pod.spec?.containers?.find(({ name }) => name === container?.name) ?? pod.spec?.containers?.[0];
  const state = stateOf(pod, containers);
  // A pod that ended well stops being ready at that moment.
  const settled = state === "ready" || state === "succeeded";
  return {
    name: pod.metadata.name,
    revision,
    state,
    reason: reasonOf(pod, container),
    restarts: containers.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
    container: container?.name ?? declared?.name ?? null,
    image: declared?.image ?? container?.image ?? null,
    digest: /sha256:[0-9a-f]{64}/.exec(container?.imageID ?? "")?.[0] ?? null,
    node: pod.spec?.nodeName ?? null,
    startedAt: pod.status?.startTime ?? null,
    settledAt: settled ? (conditionOf(pod.status?.conditions, "Ready")?.lastTransitionTime ?? null) : null,
  };
}
