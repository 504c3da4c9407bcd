import { expect, test } from "vitest";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { timelineOf } from "./timeline-model.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 13, minute)).toISOString();
const by = { username: "ops", displayName: "王磊" };
type Act = DeploymentDto["acts"][number];
const act = (name: Act["act"], minute: number, more: Partial<Act> = {}): Act => ({
  act: name,
  at: at(minute),
  by,
  cluster: null,
  namespace: null,
  wave: null,
  reason: null,
  ...more,
});
type Step = DeploymentDto["targets"][number]["steps"][number];
const step = (name: string, started: number | null, ended: number | null): Step => ({
  id: name,
  name,
  attempt: 1,
  state: ended === null ? "running" : "succeeded",
  startedAt: started === null ? null : at(started),
  endedAt: ended === null ? null : at(ended),
  usualMs: null,
  detail: null,
  input: {},
  continued: null,
});
const target = (namespace: string, steps: Step[]): DeploymentDto["targets"][number] => ({
  id: namespace,
  cluster: "sz-b",
  namespace,
  wave: 1,
  state: "succeeded",
  startedAt: at(1),
  endedAt: null,
  cause: null,
  skipReason: null,
  comparison: null,
  steps,
  workloads: [],
});
const action = { allowed: false, blockers: [] };
const deployment = (more: Partial<DeploymentDto>): DeploymentDto => ({
  id: "d",
  release: "R-1",
  title: "t",
  project: "quotes",
  environment: "FAT",
  kind: "deploy",
  state: "succeeded",
  version: 1,
  attempt: 1,
  planDigest: "sha256:0",
  createdBy: by,
  createdAt: at(0),
  scheduledAt: null,
  startedAt: null,
  endedAt: null,
  cancelRequestedAt: null,
  cause: null,
  automaticFor: null,
  images: [],
  sources: [],
  approvals: [],
  pausedAt: null,
  waiting: null,
  policy: { waveGate: "auto", wavePauseSeconds: 0, maxFailedTargets: 0, onFailure: "stop" },
  undoes: null,
  undoneBy: null,
  usualMs: null,
  acts: [],
  targets: [],
  actions: {
    cancel: action,
    pause: action,
    continue: action,
    retry: action,
    skip: action,
    rollback: action,
  },
  ...more,
});

test("who did what stands among the steps, newest first", () => {
  const place = { cluster: "sz-b", namespace: "quotes-1" };
  const entries = timelineOf(
    deployment({
      startedAt: at(1),
      endedAt: at(20),
      acts: [
        act("pause", 3),
        act("continue", 4),
        act("continue", 6, place),
        act("continue", 8, { wave: 2 }),
        act("skip", 10, { ...place, reason: "机房检修" }),
        act("retry", 12),
        act("cancel", 14),
      ],
      targets: [
        target("quotes-1", [step("apply", 1, 2), step("wait", 5, null)]),
        // Never begun, and given up with the deployment.
        target("quotes-2", [step("dry_run", null, null), step("apply", null, 14)]),
      ],
    }),
  );
  const told = entries.map((entry) =>
    [
      entry.what === "act" ? entry.act : entry.what === "step" ? entry.step.name : entry.what,
      entry.place,
    ].join(" "),
  );
  expect(told).toEqual([
    "ended ",
    "cancel ",
    "retry ",
    "skip sz-b/quotes-1",
    "continueWave ",
    "continueStep sz-b/quotes-1",
    "wait sz-b/quotes-1",
    "endPause ",
    "pause ",
    "apply sz-b/quotes-1",
    "started ",
    "created ",
  ]);
  expect(entries.find((entry) => entry.what === "act" && entry.act === "skip")).toMatchObject({
    person: "王磊",
    reason: "机房检修",
  });
  expect(entries.find((entry) => entry.what === "act" && entry.act === "continueWave")).toMatchObject({
    wave: 2,
  });
  expect([entries[0]?.seconds, entries.find(({ key }) => key === "apply")?.seconds]).toEqual([1140, 60]);
});

test("a rollback that nobody asked for is told as the portal's", () => {
  expect(timelineOf(deployment({ automaticFor: "x" })).map(({ what }) => what)).toEqual(["automatic"]);
});
