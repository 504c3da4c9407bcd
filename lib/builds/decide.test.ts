import { expect, test } from "vitest";
import {
  ABORT_PATIENCE_MS,
  type BuildFacts,
  decideBuild,
  LOST_AFTER_MS,
  MISSING_MS,
  nextQuestion,
  type Seen,
  type Step,
} from "./decide.ts";
import { BUILD_STATES } from "./state.ts";

const fresh: BuildFacts = {
  state: "queued",
  sentAgoMs: null,
  sends: 0,
  queueId: null,
  number: null,
  abortAgoMs: null,
  stopSent: false,
  superseded: false,
  logComplete: false,
  mayTrigger: true,
  serverDisabled: false,
  missingAgoMs: null,
};
const sent = { ...fresh, sentAgoMs: 2000, sends: 1 };
const waiting = { ...sent, queueId: 7 };
const running: BuildFacts = { ...waiting, state: "running", number: 3 };
const build = {
  number: 3,
  queueId: 7,
  state: "running" as const,
  startedAt: new Date(0),
  logClosed: false,
  durationMs: null,
  estimatedMs: null,
  node: null,
  url: "http://ci/3/",
};
const away = { why: "UNREACHABLE" as const, reason: "refused", ahead: null };
const nothing: Seen = { about: "nothing" };
const attempt = (found: { queueId: number | null; number: number | null } | null): Seen => ({
  about: "attempt",
  found,
});
const ended = (state: "succeeded" | "failed" | "aborted"): Seen => ({
  about: "build",
  build: { ...build, state },
});
const end = (state: "failed" | "aborted" | "unknown", code: string) => ({
  do: "end" as const,
  ending: { state, code },
});

const table: [string, BuildFacts, Seen, { do: Step["do"]; [fact: string]: unknown }][] = [
  ["new", fresh, nothing, { do: "trigger" }],
  ["on record and being sent", { ...fresh, sentAgoMs: 20, sends: 1 }, nothing, { do: "rest" }],
  ["superseded before it was sent", { ...fresh, superseded: true }, nothing, end("aborted", "SUPERSEDED")],
  [
    "superseded while it waits in the queue",
    { ...waiting, superseded: true },
    { about: "queue", item: { state: "waiting", why: "buildable", reason: "", since: null }, ahead: 0 },
    { do: "cancel_queued", queueId: 7 },
  ],
  [
    "superseded and out of the queue",
    { ...waiting, superseded: true },
    { about: "queue", item: { state: "cancelled" }, ahead: null },
    end("aborted", "SUPERSEDED"),
  ],
  [
    "superseded too late: it runs",
    { ...waiting, superseded: true },
    { about: "queue", item: { state: "left", number: 3 }, ahead: null },
    { do: "note", queueId: 7, number: 3 },
  ],
  [
    "superseded, and its trigger never arrived",
    { ...sent, superseded: true, sentAgoMs: LOST_AFTER_MS },
    attempt(null),
    end("aborted", "SUPERSEDED"),
  ],
  ["aborted before it was sent", { ...fresh, abortAgoMs: 5 }, nothing, end("aborted", "ABORTED_BY_PERSON")],
  [
    "right revoked since the click",
    { ...fresh, mayTrigger: false },
    nothing,
    end("aborted", "RIGHT_REVOKED"),
  ],
  [
    "answer lost, found in the queue",
    sent,
    attempt({ queueId: 7, number: null }),
    { do: "note", queueId: 7 },
  ],
  ["answer lost, found running", sent, attempt({ queueId: 7, number: 3 }), { do: "note", number: 3 }],
  ["answer lost, no trace yet", sent, attempt(null), { do: "wait" }],
  ["never arrived", { ...sent, sentAgoMs: LOST_AFTER_MS }, attempt(null), { do: "resend" }],
  [
    "never arrived, twice",
    { ...sent, sentAgoMs: LOST_AFTER_MS, sends: 2 },
    attempt(null),
    end("unknown", "TRIGGER_LOST"),
  ],
  [
    "never arrived and aborted",
    { ...sent, sentAgoMs: LOST_AFTER_MS, abortAgoMs: 5 },
    attempt(null),
    end("aborted", "ABORTED_BY_PERSON"),
  ],
  [
    "waits",
    waiting,
    {
      about: "queue",
      item: { state: "waiting", why: "buildable", reason: "no executor", since: null },
      ahead: null,
    },
    { do: "wait", wait: { why: "BUILDABLE", reason: "no executor", ahead: null } },
  ],
  [
    "waits, aborted",
    { ...waiting, abortAgoMs: 5 },
    { about: "queue", item: { state: "waiting", why: "buildable", reason: "", since: null }, ahead: null },
    { do: "cancel_queued", queueId: 7 },
  ],
  [
    "left the queue",
    waiting,
    { about: "queue", item: { state: "left", number: 3 }, ahead: null },
    { do: "note", number: 3 },
  ],
  [
    "cancelled on the server",
    waiting,
    { about: "queue", item: { state: "cancelled" }, ahead: null },
    end("aborted", "ABORTED_ON_SERVER"),
  ],
  [
    "cancelled by us",
    { ...waiting, abortAgoMs: 5 },
    { about: "queue", item: { state: "cancelled" }, ahead: null },
    end("aborted", "ABORTED_BY_PERSON"),
  ],
  [
    "item forgotten",
    waiting,
    { about: "queue", item: { state: "gone" }, ahead: null },
    { do: "ask_attempt" },
  ],
  ["item forgotten, build found", waiting, attempt({ queueId: 7, number: 3 }), { do: "note", number: 3 }],
  [
    "item has another number after a restart",
    waiting,
    attempt({ queueId: 1, number: null }),
    { do: "note", queueId: 1 },
  ],
  ["item forgotten, nothing found yet", waiting, attempt(null), { do: "miss" }],
  [
    "item forgotten, nothing found for a moment",
    { ...waiting, missingAgoMs: 1 },
    attempt(null),
    { do: "wait", wait: { why: "SEARCHING" } },
  ],
  [
    "item forgotten, nothing found for longer",
    { ...waiting, missingAgoMs: MISSING_MS },
    attempt(null),
    end("unknown", "BUILD_RECORD_LOST"),
  ],
  [
    "the server is disabled here before it is sent",
    { ...fresh, serverDisabled: true },
    nothing,
    { do: "wait", wait: { why: "SERVER_DISABLED" } },
  ],
  [
    "the server is disabled here while it runs",
    { ...running, serverDisabled: true },
    { about: "build", build },
    { do: "read_log" },
  ],
  ["seen running", { ...waiting, number: 3 }, { about: "build", build }, { do: "mark_running" }],
  ["ended before it was seen running", { ...waiting, number: 3 }, ended("succeeded"), { do: "mark_running" }],
  ["runs", running, { about: "build", build }, { do: "read_log", number: 3 }],
  ["runs, aborted", { ...running, abortAgoMs: 5 }, { about: "build", build }, { do: "stop", number: 3 }],
  [
    "runs, stop was taken",
    { ...running, abortAgoMs: 5, stopSent: true },
    { about: "build", build },
    { do: "read_log" },
  ],
  ["ended, log not read", running, ended("failed"), { do: "read_log", ended: true, closed: false }],
  [
    "ended, log not read and closed",
    running,
    { about: "build", build: { ...build, state: "failed", logClosed: true } },
    { do: "read_log", ended: true, closed: true },
  ],
  ["succeeded", { ...running, logComplete: true }, ended("succeeded"), { do: "take_result" }],
  ["failed", { ...running, logComplete: true }, ended("failed"), end("failed", "BUILD_FAILED")],
  [
    "stopped on the server",
    { ...running, logComplete: true },
    ended("aborted"),
    end("aborted", "ABORTED_ON_SERVER"),
  ],
  [
    "stopped by us",
    { ...running, logComplete: true, abortAgoMs: 5 },
    ended("aborted"),
    end("aborted", "ABORTED_BY_PERSON"),
  ],
  [
    "succeeded although somebody asked to stop it",
    { ...running, logComplete: true, abortAgoMs: 5 },
    ended("succeeded"),
    { do: "take_result" },
  ],
  ["record not shown", running, { about: "build", build: null }, { do: "ask_attempt" }],
  ["record not shown, nor found", running, attempt(null), { do: "miss" }],
  [
    "record deleted",
    { ...running, missingAgoMs: MISSING_MS },
    attempt(null),
    end("unknown", "BUILD_RECORD_DELETED"),
  ],
  ["record shown again", running, attempt({ queueId: 7, number: 3 }), { do: "wait", wait: null }],
  ["runs under another number", running, attempt({ queueId: 7, number: 4 }), { do: "note", number: 4 }],
  ["server away", running, { about: "failed", wait: away }, { do: "wait", wait: away }],
  [
    "server away, and aborted long ago",
    { ...running, abortAgoMs: ABORT_PATIENCE_MS + 1 },
    { about: "failed", wait: away },
    end("unknown", "ABORT_UNCONFIRMED"),
  ],
];

test.each(table)("%s", (_, facts, seen, step) => {
  expect(decideBuild(facts, seen)).toMatchObject(step);
});

test("a build that is over is left alone, whatever the world says", () => {
  for (const state of BUILD_STATES.filter((state) => state !== "queued" && state !== "running")) {
    expect(nextQuestion({ ...running, state })).toEqual({ ask: "nothing" });
    for (const [, , seen] of table)
      expect(decideBuild({ ...running, state }, seen)).toEqual({ do: "nothing" });
  }
});

test("what is asked follows from what is known", () => {
  expect(nextQuestion(fresh)).toEqual({ ask: "nothing" });
  expect(nextQuestion(sent)).toEqual({ ask: "attempt" });
  expect(nextQuestion(waiting)).toEqual({ ask: "queue", queueId: 7 });
  expect(nextQuestion(running)).toEqual({ ask: "build", number: 3 });
});

test("nothing is ever triggered while a trigger may be on its way", () => {
  for (const [, facts, seen, step] of table) {
    if (step.do === "trigger") expect(facts.sentAgoMs).toBeNull();
    if (facts.sentAgoMs !== null) expect(decideBuild(facts, seen).do).not.toBe("trigger");
  }
});
