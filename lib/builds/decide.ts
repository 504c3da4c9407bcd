import type { QueueItemState, ServerBuild } from "../adapters/ports.ts";
import type { BuildState } from "./state.ts";

/** A trigger without an answer, and without a trace on the build server after this long, never arrived. */
export const LOST_AFTER_MS = 20_000;
const MAX_SENDS = 2;
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
  /** The build server took the request to stop. */
  stopSent: boolean;
  logComplete: boolean;
  /** Whoever clicked may still build. Asked before the trigger only. */
  mayTrigger: boolean;
};

export type Question =
  | { ask: "nothing" }
  | { ask: "queue"; queueId: number }
  | { ask: "attempt" }
  | { ask: "build"; number: number };

/** What the world said; `failed` when it could not be asked. */
export type Seen =
  | { about: "nothing" }
  | { about: "queue"; item: QueueItemState }
  | { about: "attempt"; found: { queueId: number | null; number: number | null } | null }
  | { about: "build"; build: ServerBuild | null }
  | { about: "failed"; message: string };

export type Ending = { state: "failed" | "aborted" | "unknown"; code: string };
export type Step =
  | { do: "nothing" }
  | { do: "trigger" }
  /** The request never arrived: send it again with the same attempt id. */
  | { do: "resend" }
  | { do: "ask_attempt" }
  | { do: "note"; queueId: number | null; number: number | null }
  | { do: "wait"; reason: string | null }
  | { do: "cancel_queued"; queueId: number }
  | { do: "mark_running"; build: ServerBuild }
  | { do: "stop"; number: number }
  | { do: "read_log"; number: number }
  | { do: "take_result"; build: ServerBuild }
  | { do: "end"; ending: Ending; build: ServerBuild | null };

/** Which question to the build server comes next. */
export function nextQuestion(facts: BuildFacts): Question {
  if (isOver(facts.state) || facts.sentAgoMs === null) return { ask: "nothing" };
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
      return { do: "wait", reason: `UNREACHABLE: ${seen.message}` };
    case "nothing":
      return beforeTrigger(facts);
    case "attempt":
      return afterSearch(facts, seen.found);
    case "queue":
      return inQueue(facts, seen.item);
    case "build":
      return withBuild(facts, seen.build);
  }
}

function beforeTrigger(facts: BuildFacts): Step {
  if (facts.abortAgoMs !== null) return end("aborted", "ABORTED_BY_PERSON");
  if (!facts.mayTrigger) return end("aborted", "RIGHT_REVOKED");
  return { do: "trigger" };
}

function afterSearch(
  facts: BuildFacts,
  found: { queueId: number | null; number: number | null } | null,
): Step {
  if (found) {
    // The build server was restarted and gave the item another number.
    if (found.number !== null || found.queueId !== facts.queueId) return { do: "note", ...found };
    return { do: "wait", reason: null };
  }
  // It was in the queue once, and now it is nowhere.
  if (facts.queueId !== null) return end("unknown", "BUILD_RECORD_LOST");
  if ((facts.sentAgoMs ?? 0) < LOST_AFTER_MS) return { do: "wait", reason: null };
  if (facts.abortAgoMs !== null) return end("aborted", "ABORTED_BY_PERSON");
  return facts.sends < MAX_SENDS ? { do: "resend" } : end("unknown", "TRIGGER_LOST");
}

function inQueue(facts: BuildFacts, item: QueueItemState): Step {
  switch (item.state) {
    case "waiting":
      if (facts.abortAgoMs !== null && facts.queueId !== null)
        return { do: "cancel_queued", queueId: facts.queueId };
      return { do: "wait", reason: item.reason === "" ? null : item.reason };
    case "left":
      return { do: "note", queueId: facts.queueId, number: item.number };
    case "cancelled":
      return end("aborted", facts.abortAgoMs !== null ? "ABORTED_BY_PERSON" : "ABORTED_ON_SERVER");
    case "gone":
      return { do: "ask_attempt" };
  }
}

function withBuild(facts: BuildFacts, build: ServerBuild | null): Step {
  if (!build) return end("unknown", "BUILD_RECORD_DELETED");
  // Also a build that has ended already: both steps are on record.
  if (facts.state === "queued") return { do: "mark_running", build };
  if (build.state === "running") {
    const stops = facts.abortAgoMs !== null && !facts.stopSent;
    return { do: stops ? "stop" : "read_log", number: build.number };
  }
  if (!facts.logComplete) return { do: "read_log", number: build.number };
  if (build.state === "succeeded") return { do: "take_result", build };
  if (build.state === "failed") return end("failed", "BUILD_FAILED", build);
  return end("aborted", facts.abortAgoMs !== null ? "ABORTED_BY_PERSON" : "ABORTED_ON_SERVER", build);
}

const isOver = (state: BuildState) => state !== "queued" && state !== "running";
const end = (state: Ending["state"], code: string, build: ServerBuild | null = null): Step => ({
  do: "end",
  ending: { state, code },
  build,
});
