import type { Cluster } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { logger } from "#lib/logger.ts";
import { followCollection } from "./collection.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type Kind, kindKey, LiveStore } from "./store.ts";

const apps = (kind: string): Kind => ({ apiVersion: "apps/v1", kind });
export const POD: Kind = { apiVersion: "v1", kind: "Pod" };
export const REPLICA_SET = apps("ReplicaSet");
export const EVENT: Kind = { apiVersion: "v1", kind: "Event" };
export const JOB: Kind = { apiVersion: "batch/v1", kind: "Job" };
export const CONTROLLERS: readonly Kind[] = [apps("Deployment"), apps("StatefulSet"), apps("DaemonSet")];
/** A target is unknown without these; of others, an account may be refused. */
const REQUIRED: readonly Kind[] = [POD, REPLICA_SET, ...CONTROLLERS];
const BASE: readonly Kind[] = [...REQUIRED, JOB, EVENT];

const BEAT_MS = 5_000;

export type TargetStatus =
  | { state: "asking" }
  /** `refused`: what cannot be seen of it. */
  | { state: "known"; version: string; refused: string[] }
  | { state: "unknown"; message: string };
export type TargetInput = {
  clusterId: string;
  namespace: string;
  /** Of everything but events, which have no labels. */
  labelSelector: string;
  kinds: readonly Kind[];
};
type Collection = { kind: Kind; state: "starting" | "live" | "down"; open: boolean; error: unknown };

/** What follows one target: one watch a kind, as long as its cluster answers. */
export class FollowedTarget {
  readonly store = new LiveStore();
  readonly #input: TargetInput;
  readonly #heartbeat: Heartbeat;
  readonly #onChange: () => void;
  readonly #leave: () => void;
  readonly #collections = new Map<string, Collection>();
  #epoch = new AbortController();

  constructor(input: TargetInput, heartbeat: Heartbeat, onChange: () => void, leave: () => void) {
    this.#input = input;
    this.#heartbeat = heartbeat;
    this.#onChange = onChange;
    this.#leave = leave;
    this.watchAlso([...BASE, ...input.kinds]);
  }

  status(): TargetStatus {
    const { beat } = this.#heartbeat;
    if (beat.state === "asking") return beat;
    if (beat.state === "down") return { state: "unknown", message: messageOf(beat.error) };
    const required = REQUIRED.flatMap((kind) => this.#collections.get(kindKey(kind)) ?? []);
    const down = required.find(({ state }) => state === "down");
    if (down) return { state: "unknown", message: messageOf(down.error) };
    const all = [...this.#collections.values()];
    if (all.some(({ state }) => state === "starting")) return { state: "asking" };
    const refused = all.filter(({ state }) => state === "down").map(({ error }) => messageOf(error));
    return { state: "known", version: beat.version, refused };
  }

  /** When its cluster answered last, whatever it was asked; null when it never did. */
  get answeredAt(): Date | null {
    return this.#heartbeat.answeredAt;
  }

  /** Watches further kinds; those that are watched already stay as they are. */
  watchAlso(kinds: readonly Kind[]): void {
    for (const kind of kinds) {
      if (this.#collections.has(kindKey(kind))) continue;
      const collection: Collection = { kind, state: "starting", open: false, error: null };
      this.#collections.set(kindKey(kind), collection);
      this.#start(collection);
    }
  }

  /** The cluster told that it is there, that it is not, or has another credential: everything begins anew. */
  beat(): void {
    this.#epoch.abort();
    this.#epoch = new AbortController();
    for (const collection of this.#collections.values()) this.#start(collection);
    this.#onChange();
  }

  /** Somebody wants to know now: a cluster that is down, or whose watches broke, is asked without waiting for its turn. */
  async askNow(): Promise<void> {
    const { state } = this.#heartbeat.beat;
    const broken = [...this.#collections.values()].some((one) => one.state === "live" && !one.open);
    if (state === "down" || (state === "up" && broken)) await this.#heartbeat.now();
  }

  stop(): void {
    this.#epoch.abort();
    this.#leave();
  }

  #start(collection: Collection): void {
    const { beat } = this.#heartbeat;
    collection.state = "starting";
    collection.open = false;
    if (beat.state !== "up") return;
    const { kind } = collection;
    const { namespace, labelSelector } = this.#input;
    void followCollection({
      client: beat.client,
      kind,
      namespace,
      labelSelector: kindKey(kind) === kindKey(EVENT) ? undefined : labelSelector,
      signal: this.#epoch.signal,
      onList: (items) => {
        collection.state = "live";
        this.store.replace(kind, items);
        this.#onChange();
      },
      onEvent: (event) => {
        if (this.store.take(kind, event)) this.#onChange();
      },
      onWatch: (open) => {
        collection.open = open;
        // A broken connection is often the first sign of a cluster that is down.
        if (!open) void this.#heartbeat.now();
      },
      onDown: (error) => {
        const known = collection.state === "down" || isUnreachable(error);
        if (known) void this.#heartbeat.now();
        else logger.warn({ error, kind: kind.kind, namespace }, "watch failed");
        collection.state = "down";
        collection.error = error;
        this.store.forget(kind);
        this.#onChange();
      },
    });
  }
}

/** Every target that is looked at in this process; a cluster has one heartbeat however many targets are in it. */
export class LiveHub {
  readonly #connect: (clusterId: string) => Promise<Cluster>;
  readonly #beatMs: number;
  readonly #clusters = new Map<string, { heartbeat: Heartbeat; targets: Set<FollowedTarget> }>();

  constructor(connect: (clusterId: string) => Promise<Cluster>, beatMs = BEAT_MS) {
    this.#connect = connect;
    this.#beatMs = beatMs;
  }

  /** @param onChange called at every change of the objects or of the status, so it must be cheap */
  follow(input: TargetInput, onChange: () => void): FollowedTarget {
    const { clusterId } = input;
    const cluster = this.#clusters.get(clusterId) ?? this.#open(clusterId);
    const target = new FollowedTarget(input, cluster.heartbeat, onChange, () => {
      if (!cluster.targets.delete(target) || cluster.targets.size > 0) return;
      cluster.heartbeat.stop();
      this.#clusters.delete(clusterId);
    });
    cluster.targets.add(target);
    return target;
  }

  #open(clusterId: string) {
    const targets = new Set<FollowedTarget>();
    const onBeat = () => {
      const { beat } = cluster.heartbeat;
      if (beat.state === "down") logger.warn({ error: beat.error, clusterId }, "cluster does not answer");
      for (const target of targets) target.beat();
    };
    const cluster = {
      heartbeat: new Heartbeat(() => this.#connect(clusterId), this.#beatMs, onBeat),
      targets,
    };
    this.#clusters.set(clusterId, cluster);
    return cluster;
  }
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof AdapterError && error.failure === "unreachable";
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
