import type { JsonObject } from "../json.ts";
import { equal, get, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { intOrPercent, MANAGER, nonZero, replicasOf, statusCount } from "./controller.ts";

/** The ReplicaSets of a Deployment: the one of its template, and those of templates before. */
export interface Sets {
  current: KubeObject | undefined;
  old: KubeObject[];
}

export function maxUnavailable(deployment: KubeObject): number {
  const rolling = objectAt(deployment, "spec", "strategy", "rollingUpdate");
  if (textAt(deployment, "spec", "strategy", "type") !== "RollingUpdate") return 0;
  const replicas = replicasOf(deployment);
  const unavailable = intOrPercent(rolling.maxUnavailable, replicas, false);
  // Both zero would never move: one pod may be missing then.
  return Math.min(unavailable === 0 && maxSurge(deployment) === 0 ? 1 : unavailable, replicas);
}

export function maxSurge(deployment: KubeObject): number {
  if (textAt(deployment, "spec", "strategy", "type") !== "RollingUpdate") return 0;
  return intOrPercent(
    get(deployment, "spec", "strategy", "rollingUpdate", "maxSurge"),
    replicasOf(deployment),
    true,
  );
}

/** Writes counts and conditions; answers in how many ms the progress deadline has to be looked at. */
export function reportDeployment(tools: Tools, deployment: KubeObject, sets: Sets): number | undefined {
  const { registry } = tools;
  const { namespace = "", name } = deployment.metadata;
  const all = [...sets.old, ...(sets.current ? [sets.current] : [])];
  const sum = (count: (set: KubeObject) => number) => all.reduce((total, set) => total + count(set), 0);
  const availableReplicas = sum((set) => statusCount(set, "availableReplicas"));
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum((set) => statusCount(set, "replicas")),
    updatedReplicas: sets.current ? statusCount(sets.current, "replicas") : 0,
    readyReplicas: sum((set) => statusCount(set, "readyReplicas")),
    availableReplicas,
    unavailableReplicas: Math.max(0, sum(replicasOf) - availableReplicas),
  };
  const conditions = new Conditions(objectsAt(deployment, "status", "conditions"));
  const paused = judgePause(deployment, conditions);
  const enough = availableReplicas >= replicasOf(deployment) - maxUnavailable(deployment);
  if (enough) {
    conditions.set("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
  } else {
    const text = "Deployment does not have minimum availability.";
    conditions.set("Available", "False", "MinimumReplicasUnavailable", text);
  }
  if (!paused) judgeProgress(deployment, sets, counts, conditions);
  const failure = all
    .flatMap((set) => objectsAt(set, "status", "conditions"))
    .find((entry) => entry.type === "ReplicaFailure");
  if (failure) {
    conditions.set("ReplicaFailure", "True", textAt(failure, "reason"), textAt(failure, "message"));
  } else conditions.remove("ReplicaFailure");
  const status: JsonObject = { ...nonZero(counts), conditions: conditions.list };
  if (!equal(status, deployment.status)) {
    registry.update(
      kinds.deployments,
      namespace,
      name,
      { manager: MANAGER, subresource: "status" },
      (draft) => {
        draft.status = status;
      },
    );
  }
  return deadlineIn(deployment, conditions);
}

/** The conditions of a Deployment, with the rules by which their times move. */
export class Conditions {
  list: JsonObject[];

  constructor(list: JsonObject[]) {
    this.list = list.map((entry) => ({ ...entry }));
  }

  get(type: string): JsonObject | undefined {
    return this.list.find((entry) => entry.type === type);
  }

  remove(type: string): void {
    this.list = this.list.filter((entry) => entry.type !== type);
  }

  /** Sets a condition; nothing moves when status and reason stay, unless `refresh` renews the update time. */
  set(type: string, status: string, reason: string, message: string, refresh = false): void {
    const old = this.get(type);
    if (old && old.status === status && old.reason === reason && !refresh) return;
    const lastTransitionTime = old && old.status === status ? (old.lastTransitionTime ?? now()) : now();
    const lastUpdateTime = now();
    this.remove(type);
    this.list.push({ type, status, lastUpdateTime, lastTransitionTime, reason, message });
  }
}

/** Says whether the rollout stands still because it is paused, or only now goes on. */
function judgePause(deployment: KubeObject, conditions: Conditions): boolean {
  if (get(deployment, "spec", "paused") === true) {
    conditions.set("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused");
    return true;
  }
  if (textAt(conditions.get("Progressing"), "reason") !== "DeploymentPaused") return false;
  conditions.set("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed");
  return true;
}

function judgeProgress(
  deployment: KubeObject,
  sets: Sets,
  counts: Record<"replicas" | "updatedReplicas" | "readyReplicas" | "availableReplicas", number>,
  conditions: Conditions,
): void {
  const current = conditions.get("Progressing");
  const reason = textAt(current, "reason");
  const settled = counts.replicas === counts.updatedReplicas && reason === "NewReplicaSetAvailable";
  if (settled) return;
  const set = sets.current?.metadata.name ?? deployment.metadata.name;
  const wanted = replicasOf(deployment);
  const complete =
    counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted;
  const before = (name: string) => statusCount(deployment, name);
  const progressing =
    counts.updatedReplicas > before("updatedReplicas") ||
    counts.replicas - counts.updatedReplicas < before("replicas") - before("updatedReplicas") ||
    counts.readyReplicas > before("readyReplicas") ||
    counts.availableReplicas > before("availableReplicas");
  if (complete && sets.current) {
    const text = `ReplicaSet "${set}" has successfully progressed.`;
    conditions.set("Progressing", "True", "NewReplicaSetAvailable", text);
  } else if (progressing) {
    conditions.set("Progressing", "True", "ReplicaSetUpdated", `ReplicaSet "${set}" is progressing.`, true);
  } else if (deadlineIn(deployment, conditions) === 0) {
    const text = `ReplicaSet "${set}" has timed out progressing.`;
    conditions.set("Progressing", "False", "ProgressDeadlineExceeded", text);
  }
}

/** Ms until the progress deadline; 0 once it has passed, undefined where none runs. */
function deadlineIn(deployment: KubeObject, conditions: Conditions): number | undefined {
  const current = conditions.get("Progressing");
  const reason = textAt(current, "reason");
  const seconds = numberAt(deployment, "spec", "progressDeadlineSeconds");
  if (!current || seconds === undefined) return undefined;
  if (reason === "NewReplicaSetAvailable" || reason === "ProgressDeadlineExceeded") return undefined;
  if (reason === "DeploymentPaused") return undefined;
  const wait = Date.parse(textAt(current, "lastUpdateTime")) + seconds * 1000 - Date.now();
  return wait <= 0 ? 0 : wait + 500;
}
