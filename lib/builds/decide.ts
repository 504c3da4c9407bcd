import type { QueueItemState, ServerBuild } from "../adapters/ports.ts";
import type { BuildState } from "./state.ts";
import { type Wait, waitOfItem } from "./wait.ts";

/** A trigger without an answer, and without a trace on the build server after this long, never arrived. */
export const LOST_AFTER_MS = 30_000;
const MAX_SENDS = 2;
/** A record that the server had and shows no more is missed for so long before it counts as lost. */
export const MISSING_MS = 3_000;
/** Whoever put a trigger on record is sending it; after this long without an answer it is searched for. */
export const SEARCH_AFTER_MS = 1_500;
/** Whoever aborts does not wait longer than this for a build server that does not answer. */
export const ABORT_PATIENCE_MS = 60_000;

export type BuildFacts = {
  state: BuildState;
  /** Milliseconds since the trigger was sent; null: it was not, or surely not received. */
  sentAgoMs: number | null;
  sends: number;
  queueId: number | null;
  number: number | null;
  /** Milliseconds since a person asked to abort; null: nobody did. */
  abortAgoMs: number | null;
  /** A newer build wants its place, while it waits. */
  superseded: boolean;
  /** The build server took the request to stop. */
  stopSent: boolean;
  logComplete: boolean;
  /** Whoever clicked may still build. Asked before the trigger only. */
  mayTrigger: boolean;
  /** Nothing new is sent to a server that is disabled here. */
  serverDisabled: boolean;
  /** Milliseconds since the build server was first found without a trace of it; null: it has one. */
  missingAgoMs: number | null;
};

export type Question =
  | { ask: "nothing" }
  | { ask: "queue"; queueId: number }
  | { ask: "attempt" }
  | { ask: "build"; number: number };

type Found = { queueId: number | null; number: number | null } | null;
/** What the world said; `failed` when it could not be asked. */
export type Seen =
  | { about: "nothing" }
  | { about: "queue"; item: QueueItemState; ahead: number | null }
  | { about: "attempt"; found: Found }
  | { about: "build"; build: ServerBuild | null }
  | { about: "failed"; wait: Wait };

export type Ending = { state: "failed" | "aborted" | "unknown"; code: string };
export type Step =
  | { do: "nothing" }
  /** Somebody is at it: look again soon. */
  | { do: "rest" }
  | { do: "trigger" }
  /** The request never arrived: send it again with the same attempt id. */
  | { do: "resend" }
  | { do: "ask_attempt" }
  | { do: "note"; queueId: number | null; number: number | null }
  | { do: "wait"; wait: Wait | null }
  /** There is no trace of it: remember since when. */
  | { do: "miss" }
  | { do: "cancel_queued"; queueId: number }
  | { do: "mark_running"; build: ServerBuild }
  | { do: "stop"; number: number }
  | { do: "read_log"; number: number; ended: boolean; closed: boolean }
  | { do: "take_result"; build: ServerBuild }
  | { do: "end"; ending: Ending; build: ServerBuild | null };

/** Which question to the build server comes next. */
export function nextQuestion(facts: BuildFacts): Question {
  if (isOver(facts.state) || facts.sentAgoMs === null || isBeingSent(facts)) return { ask: "nothing" };
  if (facts.number !== null) return { ask: "build", number: facts.number };
  if (facts.queueId !== null) return { ask: "queue", queueId: facts.queueId };
  return { ask: "attempt" };
}

/** The one next step of a build. Pure: the same facts give the same step, so a killed worker's successor goes on. */
export function decideBuild(facts: BuildFacts, seen: Seen): Step {
  if (isOver(facts.state)) return { do: "nothing" };
  switch (seen.about) {
    case "failed":
      // A credential or a job that was taken away while the build runs may come back; the build goes on meanwhile.
      if ((facts.abortAgoMs ?? 0) > ABORT_PATIENCE_MS) return end("unknown", "ABORT_UNCONFIRMED");
      return { do: "wait", wait: seen.wait };
    case "nothing":
      return beforeTrigger(facts);
    case "attempt":
      return afterSearch(facts, seen.found);
    case "queue":
      return inQueue(facts, seen.item, seen.ahead);
    case "build":
      return withBuild(facts, seen.build);
  }
}

function beforeTrigger(facts: BuildFacts): Step {
  if (facts.sentAgoMs !== null) return { do: "rest" };
  if (facts.abortAgoMs !== null) return aborted;
  if (facts.superseded) return superseded;
  if (!facts.mayTrigger) return end("aborted", "RIGHT_REVOKED");
  if (facts.serverDisabled) {
    return { do: "wait", wait: { why: "SERVER_DISABLED", reason: "", ahead: null } };
  }
  return { do: "trigger" };
}

function afterSearch(facts: BuildFacts, found: Found): Step {
  const { sentAgoMs, missingAgoMs, number, queueId } = facts;
  if (found) {
    // The build server was restarted and gave the item another number.
    const news = found.number !== number || found.queueId !== queueId;
    return news && (found.number !== null || number === null)
      ? { do: "note", ...found }
      : { do: "wait", wait: null };
  }
  if (number !== null || queueId !== null) {
    // For a moment an item has left the queue and is no build yet; a proxy may have answered for a server that starts.
    if (missingAgoMs === null) return { do: "miss" };
    if (missingAgoMs < MISSING_MS) return searching;
    return end("unknown", number === null ? "BUILD_RECORD_LOST" : "BUILD_RECORD_DELETED");
  }
  if ((sentAgoMs ?? 0) < LOST_AFTER_MS) return searching;
  if (facts.abortAgoMs !== null) return aborted;
  if (facts.superseded) return superseded;
  return facts.sends < MAX_SENDS ? { do: "resend" } : end("unknown", "TRIGGER_LOST");
}

function inQueue(facts: BuildFacts, item: QueueItemState, ahead: number | null): Step {
  switch (item.state) {
    case "waiting":
      if ((facts.abortAgoMs !== null || facts.superseded) && facts.queueId !== null)
        return { do: "cancel_queued", queueId: facts.queueId };
      return { do: "wait", wait: waitOfItem(item, ahead) };
    case "left":
      return { do: "note", queueId: facts.queueId, number: item.number };
    case "cancelled":
      if (facts.abortAgoMs !== null) return aborted;
      return facts.superseded ? superseded : end("aborted", "ABORTED_ON_SERVER");
    case "gone":
      return { do: "ask_attempt" };
  }
}

function withBuild(facts: BuildFacts, build: ServerBuild | null): Step {
  // The job may be hidden or gone rather than the record: the search tells.
  if (!build) return { do: "ask_attempt" };
  // Also a build that has ended already: both steps are on record.
  if (facts.state === "queued") return { do: "mark_running", build };
  if (build.state === "running") {
    const stops = facts.abortAgoMs !== null && !facts.stopSent;
    return stops
      ? { do: "stop", number: build.number }
      : { do: "read_log", number: build.number, ended: false, closed: false };
  }
  if (!facts.logComplete) {
    return { do: "read_log", number: build.number, ended: true, closed: build.logClosed };
  }
  if (build.state === "succeeded") return { do: "take_result", build };
  if (build.state === "failed") return end("failed", "BUILD_FAILED", build);
  return end("aborted", facts.abortAgoMs !== null ? "ABORTED_BY_PERSON" : "ABORTED_ON_SERVER", build);
}

const searching: Step = { do: "wait", wait: { why: "SEARCHING", reason: "", ahead: null } };
const isBeingSent = ({ queueId, number, sentAgoMs }: BuildFacts) =>
  queueId === null && number === null && sentAgoMs !== null && sentAgoMs < SEARCH_AFTER_MS;
const isOver = (state: BuildState) => state !== "queued" && state !== "running";
const end = (state: Ending["state"], code: string, build: ServerBuild | null = null): Step => ({
  do: "end",
  ending: { state, code },
  build,
});
const aborted = end("aborted", "ABORTED_BY_PERSON");
const superseded = end("aborted", "SUPERSEDED");
