import { deleteObject } from "../deletion.ts";
import { child, clone, equal, get, isObject, numberAt, setAt, textAt } from "../json.ts";
import { hashName } from "../names.ts";
import type { KubeObject } from "../objects.ts";
import { ownedBy } from "../objects.ts";
import { kinds } from "../resources.ts";
import type { Tools } from "./controller.ts";
import { control, controlled, isEnded, MANAGER, replicasOf, statusCount } from "./controller.ts";
import type { Sets } from "./deployment-status.ts";
import { Conditions, maxSurge, maxUnavailable, reportDeployment } from "./deployment-status.ts";
import {
  DESIRED,
  HASH,
  MAXIMUM,
  OWN,
  REVISION,
  revisionOf,
  stable,
  strings,
  withoutHash,
} from "./revisions.ts";

/** How often it is looked whether the old pods of a Recreate are gone (ms). */
const OLD_PODS = 200;

/** Rolls Deployments out. Answers how to stop. */
export function runDeployments(tools: Tools): () => void {
  return control(tools.registry, kinds.deployments, (deployment) =>
    new Rollout(tools, deployment).reconcile(),
  );
}

/** One look at one Deployment. */
class Rollout {
  private readonly tools: Tools;
  private deployment: KubeObject;
  private sets: Sets;

  constructor(tools: Tools, deployment: KubeObject) {
    this.tools = tools;
    this.deployment = deployment;
    this.sets = this.findSets();
  }

  reconcile(): number | undefined {
    if (this.deployment.metadata.deletionTimestamp) return this.report();
    const paused = get(this.deployment, "spec", "paused") === true;
    if (!paused) this.ensureCurrent();
    let again: number | undefined;
    if (this.isScaling()) this.scaleProportionally();
    else if (!paused) {
      if (textAt(this.deployment, "spec", "strategy", "type") === "Recreate") again = this.recreate();
      else this.roll();
    }
    this.refresh();
    if (this.isComplete()) this.dropHistory();
    const wait = this.report();
    return again === undefined ? wait : Math.min(again, wait ?? again);
  }

  private report(): number | undefined {
    return reportDeployment(this.tools, this.deployment, this.sets);
  }

  private refresh(): void {
    const { namespace = "", name } = this.deployment.metadata;
    this.deployment = this.tools.registry.store.get(kinds.deployments, namespace, name) ?? this.deployment;
    this.sets = this.findSets();
  }

  private findSets(): Sets {
    const all = controlled(this.tools.registry, kinds.replicasets, this.deployment);
    all.sort((a, b) =>
      (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? ""),
    );
    const template = get(this.deployment, "spec", "template");
    const current = all.find((set) => equal(withoutHash(get(set, "spec", "template")), template));
    return { current, old: all.filter((set) => set !== current) };
  }

  /** Finds or creates the ReplicaSet of the template, with the next revision. */
  private ensureCurrent(): void {
    const revision = Math.max(0, ...this.sets.old.map(revisionOf)) + 1;
    const existing = this.sets.current;
    if (existing) {
      const annotations = this.annotations(Math.max(revision, revisionOf(existing)));
      this.updateSet(existing, (draft) => {
        for (const [key, value] of Object.entries(annotations))
          setAt(draft, ["metadata", "annotations", key], value);
      });
      this.note(annotations[REVISION] ?? "", (conditions) => {
        if (conditions.get("Progressing")) return;
        const text = `Found new replica set "${existing.metadata.name}"`;
        conditions.set("Progressing", "True", "FoundNewReplicaSet", text);
      });
    } else {
      const made = this.createSet(revision);
      this.note(String(revision), (conditions) => {
        const text = `Created new replica set "${made.metadata.name}"`;
        conditions.set("Progressing", "True", "NewReplicaSetCreated", text, true);
      });
    }
    this.refresh();
  }

  private annotations(revision: number): Record<string, string> {
    const replicas = replicasOf(this.deployment);
    const own = Object.entries(this.deployment.metadata.annotations ?? {});
    return {
      ...Object.fromEntries(own.filter(([key]) => !OWN.includes(key))),
      [DESIRED]: String(replicas),
      [MAXIMUM]: String(replicas + maxSurge(this.deployment)),
      [REVISION]: String(revision),
    };
  }

  private createSet(revision: number): KubeObject {
    const { deployment, tools } = this;
    const found = get(deployment, "spec", "template");
    const template = isObject(found) ? clone(found) : {};
    const hash = hashName(stable(template));
    const labels = child(child(template, "metadata"), "labels");
    labels[HASH] = hash;
    const selector = get(deployment, "spec", "selector");
    const chosen = isObject(selector) ? clone(selector) : {};
    child(chosen, "matchLabels")[HASH] = hash;
    const replicas = this.room(0);
    const minReadySeconds = numberAt(deployment, "spec", "minReadySeconds");
    const made = tools.registry.create(
      kinds.replicasets,
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: {
          name: `${deployment.metadata.name}-${hash}`,
          namespace: deployment.metadata.namespace,
          labels: strings(labels),
          annotations: this.annotations(revision),
          ownerReferences: [ownedBy(deployment)],
        },
        spec: { replicas, ...(minReadySeconds ? { minReadySeconds } : {}), selector: chosen, template },
      },
      { manager: MANAGER },
    );
    if (replicas > 0) this.scaled(made.metadata.name, 0, replicas);
    return made;
  }

  /** Notes the revision on the Deployment, and what `judge` makes of its conditions. */
  private note(revision: string, judge: (conditions: Conditions) => void): void {
    const { namespace = "", name } = this.deployment.metadata;
    const write = { manager: MANAGER, subresource: "status" };
    this.tools.registry.update(kinds.deployments, namespace, name, write, (draft) => {
      setAt(draft, ["metadata", "annotations", REVISION], revision);
      const status = child(draft, "status");
      const conditions = new Conditions(
        Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [],
      );
      judge(conditions);
      if (conditions.list.length > 0) status.conditions = conditions.list;
    });
  }

  private updateSet(set: KubeObject, change: (draft: KubeObject) => void): void {
    const { namespace = "", name } = set.metadata;
    this.tools.registry.update(kinds.replicasets, namespace, name, { manager: MANAGER }, change);
  }

  private scale(set: KubeObject, replicas: number): void {
    const before = replicasOf(set);
    const wanted = this.deployment;
    this.updateSet(set, (draft) => {
      setAt(draft, ["spec", "replicas"], replicas);
      setAt(draft, ["metadata", "annotations", DESIRED], String(replicasOf(wanted)));
      setAt(draft, ["metadata", "annotations", MAXIMUM], String(replicasOf(wanted) + maxSurge(wanted)));
    });
    if (before !== replicas) this.scaled(set.metadata.name, before, replicas);
  }

  private scaled(set: string, from: number, to: number): void {
    const message = `Scaled ${to > from ? "up" : "down"} replica set ${set} from ${from} to ${to}`;
    this.tools.recorder.record(this.deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
  }

  private all(): KubeObject[] {
    return [...this.sets.old, ...(this.sets.current ? [this.sets.current] : [])];
  }

  /** To how many replicas the new set may grow from `current` within maxSurge. */
  private room(current: number): number {
    const wanted = replicasOf(this.deployment);
    if (textAt(this.deployment, "spec", "strategy", "type") === "Recreate") {
      return this.sets.old.some((set) => replicasOf(set) > 0 || this.hasPods(set)) ? 0 : wanted;
    }
    const total = this.all().reduce((sum, set) => sum + replicasOf(set), 0);
    const free = wanted + maxSurge(this.deployment) - total;
    return free <= 0 ? current : current + Math.min(free, wanted - current);
  }

  private hasPods(set: KubeObject): boolean {
    return controlled(this.tools.registry, kinds.pods, set).some((pod) => !isEnded(pod));
  }

  private isScaling(): boolean {
    return this.all().some((set) => {
      const desired = set.metadata.annotations?.[DESIRED];
      return replicasOf(set) > 0 && desired !== undefined && Number(desired) !== replicasOf(this.deployment);
    });
  }

  /** After a change of replicas in mid-rollout every set grows or shrinks by its share. */
  private scaleProportionally(): void {
    const active = this.all().filter((set) => replicasOf(set) > 0);
    const wanted = replicasOf(this.deployment);
    const [only] = active;
    if (!only || active.length === 1) {
      const set = only ?? this.sets.current;
      if (set) this.scale(set, wanted);
      return;
    }
    const total = active.reduce((sum, set) => sum + replicasOf(set), 0);
    const allowed = wanted > 0 ? wanted + maxSurge(this.deployment) : 0;
    let left = allowed - total;
    const bySize = active.toSorted((a, b) => replicasOf(b) - replicasOf(a));
    const shares = bySize.map((set) => {
      const ideal = Math.round((replicasOf(set) * allowed) / Math.max(total, 1)) - replicasOf(set);
      const share = left > 0 ? Math.min(Math.max(ideal, 0), left) : Math.max(Math.min(ideal, 0), left);
      left -= share;
      return { set, replicas: replicasOf(set) + share };
    });
    shares.forEach(({ set, replicas }, index) => {
      this.scale(set, Math.max(0, replicas + (index === 0 ? left : 0)));
    });
  }

  /** Answers in how many ms the last old pods have to be looked for: no set changes when they are gone. */
  private recreate(): number | undefined {
    let waiting = false;
    for (const set of this.sets.old) {
      if (replicasOf(set) > 0) this.scale(set, 0);
      waiting ||= replicasOf(set) > 0 || this.hasPods(set);
    }
    const { current } = this.sets;
    if (!waiting && current && replicasOf(current) !== replicasOf(this.deployment)) {
      this.scale(current, replicasOf(this.deployment));
    }
    return waiting ? OLD_PODS : undefined;
  }

  private roll(): void {
    const { current, old } = this.sets;
    if (!current) return;
    const size = replicasOf(current);
    const wanted = replicasOf(this.deployment);
    const target = size > wanted ? wanted : this.room(size);
    if (target !== size) {
      this.scale(current, target);
      return;
    }
    const total = this.all().reduce((sum, set) => sum + replicasOf(set), 0);
    const least = wanted - maxUnavailable(this.deployment);
    const pending = size - statusCount(current, "availableReplicas");
    let spare = total - least - pending;
    if (spare <= 0) return;
    const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
    // First the old pods that do not work anyway: they cost nothing.
    for (const set of old) {
      const broken = Math.min(spare, replicasOf(set) - statusCount(set, "availableReplicas"));
      if (broken <= 0) continue;
      spare -= broken;
      sizes.set(set, replicasOf(set) - broken);
    }
    let down = this.all().reduce((sum, set) => sum + statusCount(set, "availableReplicas"), 0) - least;
    for (const set of old) {
      const left = sizes.get(set) ?? 0;
      const share = Math.min(left, Math.max(0, down));
      down -= share;
      sizes.set(set, left - share);
    }
    for (const [set, replicas] of sizes) if (replicas !== replicasOf(set)) this.scale(set, replicas);
  }

  private isComplete(): boolean {
    const { current, old } = this.sets;
    const wanted = replicasOf(this.deployment);
    return (
      current !== undefined &&
      statusCount(current, "availableReplicas") === wanted &&
      old.every((set) => replicasOf(set) === 0 && statusCount(set, "replicas") === 0)
    );
  }

  private dropHistory(): void {
    const limit = numberAt(this.deployment, "spec", "revisionHistoryLimit") ?? 10;
    const byRevision = this.sets.old.toSorted((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of byRevision.slice(0, Math.max(0, byRevision.length - limit))) {
      deleteObject(this.tools.registry.store, kinds.replicasets, set, {
        propagation: "Background",
        gracePeriodSeconds: undefined,
        uid: "",
        resourceVersion: "",
        dryRun: false,
      });
    }
    this.refresh();
  }
}
