import { setTimeout as delay } from "node:timers/promises";
import { connectCluster } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { onTopics } from "#lib/events/listen.ts";
import { logger } from "#lib/logger.ts";
import { labelSelector } from "#lib/plans/labels.ts";
import { type Deployed, deployedOn } from "./deployed.ts";
import { type FollowedTarget, LiveHub } from "./hub.ts";
import { LastAnswers } from "./last-answers.ts";
import type { LivePatch, LiveTargetDto } from "./schema.ts";
import { patchOf, wholePatch } from "./target-state.ts";
import { newMemos, viewOf } from "./view.ts";

/** At most this often is a target told after its first change; what happens in between is told together. */
const EVERY_MS = 250;
/** How long a target is still followed after its last reader: pages are left and opened again. */
const LINGER_MS = 15_000;
/** A burst of events of one deployment reads what was deployed once. */
const GATHER_MS = 300;

/** A target as the database has it. */
export type LivePlace = {
  id: string;
  clusterId: string;
  cluster: string;
  namespace: string;
  wave: number;
  project: string;
  environment: string;
};

/** What one target shows, worked out once for all who look at it, and told to them as it changes. */
export class LiveBoard {
  #place: LivePlace;
  #deployed: Deployed[] = [];
  #followed: FollowedTarget | null = null;
  #view: LiveTargetDto | null = null;
  #whole: Uint8Array | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #soon = false;
  #dirty = false;
  #unsubscribe = () => {};
  readonly #last: LastAnswers;
  readonly #memos = newMemos();
  readonly #readers = new Set<(frame: Uint8Array) => void>();
  readonly #waiting = new Set<() => void>();

  constructor(place: LivePlace, last: LastAnswers) {
    this.#place = place;
    this.#last = last;
  }

  async open(hub: LiveHub): Promise<void> {
    const { id, clusterId, namespace, project, environment } = this.#place;
    this.#deployed = await deployedOn(db, id);
    const kinds = this.#deployed.map(({ manifest }) => manifest);
    const selector = labelSelector({ project, environment });
    this.#followed = hub.follow({ clusterId, namespace, labelSelector: selector, kinds }, () =>
      this.#changed(),
    );
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const stop = onTopics([`environment:${project}/${environment}`], () => {
      gathering ??= setTimeout(() => {
        gathering = undefined;
        void this.#reload();
      }, GATHER_MS).unref();
    });
    this.#unsubscribe = () => {
      clearTimeout(gathering);
      stop();
    };
  }

  /** Another wave may have been given to it. */
  set place(place: LivePlace) {
    this.#place = place;
  }

  /** What is known now; waits for a first answer, or for one of a cluster that was silent, but not longer than `ms`. */
  async look(ms: number): Promise<LiveTargetDto> {
    const limit = delay(ms, undefined, { ref: false });
    await Promise.race([this.#followed?.askNow(), limit]);
    if (this.#followed?.status().state === "asking") {
      let answered = () => {};
      const answer = new Promise<void>((resolve) => {
        answered = resolve;
      });
      this.#waiting.add(answered);
      await Promise.race([answer, limit]);
      this.#waiting.delete(answered);
    }
    this.#tell();
    return this.#view ?? this.#unknown("no answer in time");
  }

  /** @param onFrame gets every change from now on as a message of the stream; @returns ends it */
  read(onFrame: (frame: Uint8Array) => void): () => void {
    this.#readers.add(onFrame);
    return () => this.#readers.delete(onFrame);
  }

  /** All there is as a message of the stream; null before the first answer. */
  whole(): Uint8Array | null {
    if (this.#view) this.#whole ??= frameOf(wholePatch(this.#view));
    return this.#whole;
  }

  close(): void {
    this.#unsubscribe();
    this.#last.settle(this.#place.id, this.#followed?.answeredAt ?? null);
    this.#followed?.stop();
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #reload(): Promise<void> {
    try {
      this.#deployed = await deployedOn(db, this.#place.id);
      this.#followed?.watchAlso(this.#deployed.map(({ manifest }) => manifest));
      this.#changed();
    } catch (error) {
      logger.warn({ error }, "what was deployed cannot be read");
    }
  }

  /** The first change is told at once, with whatever else came in the same piece; those after it together. */
  #changed(): void {
    if (this.#followed?.status().state !== "asking") for (const answered of this.#waiting) answered();
    this.#dirty = true;
    if (this.#soon || this.#timer) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      this.#tell();
    });
  }

  #tell(): void {
    if (!this.#dirty) return;
    const after = this.#now();
    if (!after) return;
    this.#dirty = false;
    const before = this.#view;
    const patch = before ? patchOf(before, after) : wholePatch(after);
    this.#view = after;
    if (!patch) return;
    this.#whole = null;
    if (this.#readers.size > 0) {
      const frame = frameOf(patch);
      for (const reader of this.#readers) reader(frame);
    }
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#tell();
    }, EVERY_MS).unref();
  }

  /** Null while it is being asked: what was told before stands until then. */
  #now(): LiveTargetDto | null {
    const status = this.#followed?.status();
    if (!this.#followed || !status || status.state === "asking") return null;
    if (status.state === "unknown") return this.#unknown(status.message);
    const { cluster, namespace, wave } = this.#place;
    const message = status.refused.length > 0 ? status.refused.join("; ") : null;
    const seen = viewOf(this.#followed.store, this.#deployed, this.#memos);
    const { version } = status;
    this.#last.keep(this.#place.id, { version, ...seen }, this.#followed.answeredAt ?? new Date());
    return { cluster, namespace, wave, state: "known", version, message, last: null, ...seen };
  }

  #unknown(message: string): LiveTargetDto {
    const { cluster, namespace, wave } = this.#place;
    const last = this.#last.settle(this.#place.id, this.#followed?.answeredAt ?? null);
    const nothing = { workloads: [], events: [], drift: [] };
    return { cluster, namespace, wave, state: "unknown", version: null, message, last, ...nothing };
  }
}

const encoder = new TextEncoder();
const frameOf = (patch: LivePatch): Uint8Array => encoder.encode(`data: ${JSON.stringify(patch)}\n\n`);

type Entry = {
  board: LiveBoard;
  opened: Promise<void>;
  readers: number;
  linger?: ReturnType<typeof setTimeout>;
};
type Shared = { hub: LiveHub; boards: Map<string, Entry>; last: LastAnswers };
const holder = globalThis as typeof globalThis & { refractLive?: Shared };

/** The board of a target, shared by everybody in this process. Call `leave` once when done with it. */
async function openBoard(place: LivePlace): Promise<{ board: LiveBoard; leave: () => void }> {
  holder.refractLive ??= { hub: new LiveHub(connectCluster), boards: new Map(), last: new LastAnswers() };
  const { hub, boards, last } = holder.refractLive;
  let entry = boards.get(place.id);
  if (!entry) {
    const board = new LiveBoard(place, last);
    entry = { board, opened: board.open(hub), readers: 0 };
    boards.set(place.id, entry);
  }
  const held = entry;
  held.board.place = place;
  held.readers += 1;
  clearTimeout(held.linger);
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    held.readers -= 1;
    if (held.readers > 0) return;
    held.linger = setTimeout(() => {
      if (boards.get(place.id) === held) boards.delete(place.id);
      held.board.close();
    }, LINGER_MS).unref();
  };
  try {
    await held.opened;
  } catch (error) {
    if (boards.get(place.id) === held) boards.delete(place.id);
    throw error;
  }
  return { board: held.board, leave };
}

/** Those of several targets; all or none. */
export async function openBoards(places: readonly LivePlace[]) {
  const tries = await Promise.allSettled(places.map(openBoard));
  const opened = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = tries.find((one) => one.status === "rejected");
  if (!failed) return opened;
  for (const { leave } of opened) leave();
  throw failed.reason;
}
