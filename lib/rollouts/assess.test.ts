import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { assessWorkload } from "./assess.ts";
import { type Assessment, assessmentSchema } from "./schema.ts";

const manifestSchema = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }).loose(),
  })
  .loose();
const seriesSchema = z.object({
  start: z.array(manifestSchema),
  steps: z.array(z.object({ ms: z.number(), type: z.string(), object: manifestSchema })),
});
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));

const NOW = new Date("2026-11-20T22:33:40Z");
const START = new Date("2026-11-20T22:33:11Z");

function assess(workload: Manifest, objects: Manifest[], deployed = {}): Assessment {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const assessment = assessWorkload({
    workload,
    replicaSets: of("ReplicaSet"),
    pods: of("Pod"),
    events: of("Event"),
    now: NOW,
    deployed,
  });
  return assessmentSchema.parse(assessment);
}

/** Assesses after every recorded change. */
function replay(name: string): { ms: number; assessment: Assessment }[] {
  const { start, steps } = seriesSchema.parse(fixture(name));
  const world = new Map(start.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
  return steps.flatMap(({ ms, type, object }) => {
    const key = `${object.kind} ${object.metadata.name}`;
    if (type === "DELETED") world.delete(key);
    else world.set(key, object);
    const workload = [...world.values()].find(({ kind }) => kind === "Deployment");
    return workload
      ? [{ ms, assessment: assess(workload, [...world.values()], { generation: 1, at: START }) }]
      : [];
  });
}
/** States one after another, repetitions left out. */
const course = (series: ReturnType<typeof replay>): string[] => {
  const words = series.map(({ assessment }) => `${assessment.state} ${assessment.cause?.code ?? ""}`.trim());
  return words.filter((word, index) => word !== words[index - 1]);
};
const last = (series: ReturnType<typeof replay>): Assessment => {
  const end = series.at(-1);
  if (!end) throw new Error("an empty series");
  return end.assessment;
};

describe("recorded rollouts", () => {
  test("one that succeeds progresses until the last old pod is replaced", () => {
    const series = replay("succeeds");
    expect(course(series)).toEqual(["progressing", "healthy"]);
    expect(series.find(({ assessment }) => assessment.state === "healthy")?.ms).toBe(4883);
    const end = last(series);
    expect(end).toMatchObject({ desired: 3, updated: 3, ready: 3, available: 3, oldPods: 0 });
    expect(end.pods).toHaveLength(3);
    expect(end.pods[0]).toMatchObject({
      revision: "new",
      state: "ready",
      restarts: 0,
      container: "app",
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      node: expect.stringMatching(/^node-/),
      startedAt: expect.stringMatching(/^2026-11-20T/),
    });
    expect(series.some(({ assessment }) => assessment.pods.some((pod) => pod.state === "terminating"))).toBe(
      true,
    );
  });

  test("a bad image fails at once, long before the deadline", () => {
    const series = replay("bad-image");
    expect(course(series)).toEqual(["progressing", "failed IMAGE_PULL"]);
    expect(series.find(({ assessment }) => assessment.state === "failed")?.ms).toBeLessThan(3000);
    const { cause, pods } = last(series);
    expect(cause?.facts).toMatchObject({
      image: "registry.test:5000/payments/api:1.1-bad",
      reason: "ImagePullBackOff",
    });
    expect(cause?.evidence).toContainEqual({
      source: "event",
      text: expect.stringContaining("manifest unknown"),
      at: "2026-11-20T22:33:13Z",
    });
    expect(pods.filter((pod) => pod.revision === "new")).toMatchObject([{ state: "failing", digest: null }]);
  });

  test("a crash loop is a warning first, then a failure that stays", () => {
    const series = replay("crash-loop");
    expect(course(series).slice(0, 3)).toEqual(["progressing", "progressing CRASH", "failed CRASH"]);
    const end = last(series);
    expect(end).toMatchObject({
      state: "failed",
      cause: { code: "CRASH", facts: { exitCode: 1, restarts: 3 } },
    });
    expect(end.pods.find((pod) => pod.revision === "new")).toMatchObject({
      state: "failing",
      reason: "CrashLoopBackOff",
      restarts: 3,
    });
    expect(end.cause?.evidence.map(({ source }) => source)).toEqual(
      expect.arrayContaining(["status", "event"]),
    );
  });

  test.each([
    ["quota", "QUOTA", "exceeded quota: team"],
    ["pod-security", "POD_SECURITY", 'violates PodSecurity "restricted:latest"'],
  ])("%s refuses pods at once", (name, code, text) => {
    const series = replay(name);
    expect(course(series)).toEqual(["progressing", `failed ${code}`]);
    const { cause } = last(series);
    expect(cause?.facts.reason).toMatch(new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    expect(cause?.evidence.length).toBeGreaterThan(1);
  });

  test("a pod that no node takes may still be placed: a failure only at the deadline", () => {
    const series = replay("unschedulable");
    expect(course(series)).toEqual(["progressing", "progressing UNSCHEDULABLE", "failed UNSCHEDULABLE"]);
    const { cause, pods } = last(series);
    expect(cause?.evidence[0]?.text).toContain("3 Insufficient cpu");
    expect(cause?.evidence.some(({ source, at }) => source === "event" && at !== null)).toBe(true);
    expect(pods).toMatchObject([{ state: "pending", reason: "Unschedulable", node: null }]);
  });

  test("a rollback is not judged by the rollout that it leaves", () => {
    const schema = z.object({
      answer: manifestSchema,
      afterwards: manifestSchema,
      replicaSets: z.array(manifestSchema),
    });
    const { answer, afterwards, replicaSets } = schema.parse(fixture("rollback"));
    expect(assess(answer, replicaSets)).toMatchObject({ state: "progressing" });
    expect(assess(afterwards, replicaSets)).toMatchObject({ state: "healthy", updated: 3 });
    // The controller has seen the new generation, but still tells of the old ReplicaSet's deadline.
    const status = { ...z.record(z.string(), z.unknown()).parse(answer.status), observedGeneration: 3 };
    const seen = { ...afterwards, status };
    expect(assess(seen, replicaSets)).toMatchObject({ state: "progressing" });
  });
});

const meta = (name: string, extra: Record<string, unknown> = {}) => ({ name, uid: `uid-${name}`, ...extra });
const owner = (name: string, kind: string) => ({ ownerReferences: [{ kind, name, uid: `uid-${name}` }] });
const manifest = (kind: string, name: string, parts: Record<string, unknown>): Manifest => {
  const { metadata, ...rest } = parts;
  return {
    apiVersion: "x/v1",
    kind,
    ...rest,
    metadata: {
      ...meta(name),
      ...z
        .object({})
        .loose()
        .parse(metadata ?? {}),
    },
  };
};
const pod = (
  name: string,
  of: [string, string],
  status: unknown,
  labels: Record<string, string> = {},
): Manifest =>
  manifest("Pod", name, {
    metadata: { labels, ...owner(of[0], of[1]) },
    spec: { nodeName: "n", containers: [{ name: "app", image: "i:1" }] },
    status,
  });
const containers = (...list: Record<string, unknown>[]) => ({
  phase: "Running",
  containerStatuses: list.map((entry) => ({ name: "app", ready: false, restartCount: 0, ...entry })),
});
const warning = (about: string, reason: string, message: string): Manifest =>
  manifest("Event", `${about}-${reason}`, {
    type: "Warning",
    reason,
    message,
    involvedObject: { kind: "Pod", name: about },
    lastTimestamp: "2026-11-20T22:33:30Z",
  });
const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

describe("causes", () => {
  const set = manifest("ReplicaSet", "rs", {
    metadata: { annotations: { "deployment.kubernetes.io/revision": "1" }, ...owner("d", "Deployment") },
  });
  const deployment = (status: Record<string, unknown> = {}): Manifest =>
    manifest("Deployment", "d", {
      metadata: { generation: 1, annotations: { "deployment.kubernetes.io/revision": "1" } },
      spec: { replicas: 1 },
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, ...status },
    });
  const own: [string, string] = ["rs", "ReplicaSet"];
  const killed = { terminated: { exitCode: 137, reason: "OOMKilled" } };

  test.each<[string, unknown, Manifest[], string, string]>([
    [
      "out of memory, again and again",
      containers({ restartCount: 2, state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: killed }),
      [],
      "failed",
      "OOM_KILLED",
    ],
    ["out of memory once", containers({ state: killed }), [], "progressing", "OOM_KILLED"],
    [
      "two restarts, running at the moment",
      containers({ restartCount: 2, state: { running: {} }, lastState: { terminated: { exitCode: 3 } } }),
      [],
      "failed",
      "CRASH",
    ],
    [
      "a loop of clean exits",
      containers({
        restartCount: 1,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 0, reason: "Completed" } },
      }),
      [],
      "failed",
      "CRASH",
    ],
    [
      "killed by its liveness probe",
      containers({ restartCount: 2, state: { running: {} }, lastState: { terminated: { exitCode: 137 } } }),
      [warning("p", "Unhealthy", "Liveness probe failed: HTTP 500")],
      "failed",
      "PROBE_FAILING",
    ],
    [
      "not ready",
      containers({ state: { running: {} } }),
      [warning("p", "Unhealthy", "Readiness probe failed: connection refused")],
      "progressing",
      "PROBE_FAILING",
    ],
    [
      "a missing ConfigMap",
      containers({
        state: { waiting: { reason: "CreateContainerConfigError", message: 'configmap "c" not found' } },
      }),
      [],
      "progressing",
      "MISSING_CONFIG",
    ],
    [
      "a Secret that cannot be mounted",
      { phase: "Pending" },
      [warning("p", "FailedMount", 'MountVolume.SetUp failed for volume "v" : secret "s" not found')],
      "progressing",
      "MISSING_CONFIG",
    ],
  ])("%s", (_, status, events, state, code) => {
    const assessment = assess(deployment(), [set, pod("p", own, status), ...events]);
    expect(assessment).toMatchObject({ state, cause: { code, facts: { pod: "p" } } });
  });

  test("pods of others, pods that recovered and pods going away are no cause", () => {
    const crashing = containers({ restartCount: 9, state: { waiting: { reason: "CrashLoopBackOff" } } });
    const recovered = {
      ...ready,
      ...containers({ ready: true, restartCount: 5, lastState: killed }),
      conditions: ready.conditions,
    };
    const going = pod("going", own, crashing);
    going.metadata.deletionTimestamp = "2026-11-20T22:33:30Z";
    const objects = [
      set,
      pod("other", ["other-rs", "ReplicaSet"], crashing),
      pod("ok", own, recovered),
      going,
    ];
    const assessment = assess(deployment(), objects);
    expect(assessment.state).toBe("progressing");
    expect(assessment.cause).toBeUndefined();
    expect(assessment.pods.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "going terminating",
      "ok ready",
    ]);
  });

  test("a deadline without a reason says so; one from before this deployment does not count yet", () => {
    const condition = {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: 'ReplicaSet "rs" has timed out progressing.',
      lastUpdateTime: "2026-11-20T22:33:00Z",
    };
    const stalled = deployment({ conditions: [condition] });
    expect(assess(stalled, [set])).toMatchObject({ state: "failed", cause: { code: "DEADLINE_EXCEEDED" } });
    expect(assess(stalled, [set], { at: START })).toMatchObject({ state: "progressing" });
    const longAgo = new Date(NOW.getTime() - 601_000);
    const older = { ...condition, lastUpdateTime: "2026-11-20T22:00:00Z" };
    expect(assess(deployment({ conditions: [older] }), [set], { at: longAgo })).toMatchObject({
      state: "failed",
    });
  });

  test("an object older than the deployed one is not judged", () => {
    const healthy = deployment({ readyReplicas: 1, availableReplicas: 1 });
    expect(assess(healthy, [set], { generation: 1 }).state).toBe("healthy");
    expect(assess(healthy, [set], { generation: 2 }).state).toBe("progressing");
  });
});

describe("other workloads", () => {
  const stateful = (status: Record<string, unknown>, spec: Record<string, unknown> = {}): Manifest =>
    manifest("StatefulSet", "s", {
      metadata: { generation: 1 },
      spec: { replicas: 2, ...spec },
      status: { observedGeneration: 1, replicas: 2, updateRevision: "s-2", ...status },
    });
  const own: [string, string] = ["s", "StatefulSet"];
  const at = (hash: string) => ({ "controller-revision-hash": hash });

  test("a StatefulSet is healthy when all are of the update revision, or those above the partition", () => {
    const counts = { readyReplicas: 2, availableReplicas: 2 };
    expect(assess(stateful({ ...counts, updatedReplicas: 2 }), []).state).toBe("healthy");
    expect(assess(stateful({ ...counts, updatedReplicas: 1 }), []).state).toBe("progressing");
    const partition = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } };
    expect(assess(stateful({ ...counts, updatedReplicas: 1 }, partition), []).state).toBe("healthy");
  });

  test("a StatefulSet fails by its new pod alone, and by pods it may not create", () => {
    const crashing = containers({ restartCount: 3, state: { waiting: { reason: "CrashLoopBackOff" } } });
    const broken = {
      ...crashing,
      containerStatuses: crashing.containerStatuses.map((c) => ({
        ...c,
        lastState: { terminated: { exitCode: 2 } },
      })),
    };
    const status = { readyReplicas: 1, updatedReplicas: 1 };
    expect(assess(stateful(status), [pod("s-0", own, broken, at("s-1"))]).state).toBe("progressing");
    const assessment = assess(stateful(status), [
      pod("s-1", own, broken, at("s-2")),
      pod("s-0", own, ready, at("s-1")),
    ]);
    expect(assessment).toMatchObject({ state: "failed", cause: { facts: { exitCode: 2 } }, oldPods: 1 });
    const refused = warning(
      "s",
      "FailedCreate",
      'create Pod s-0 in StatefulSet s failed: pods "s-0" is forbidden: exceeded quota: team',
    );
    const event = { ...refused, involvedObject: { kind: "StatefulSet", name: "s" } };
    expect(assess(stateful({ replicas: 0 }), [event])).toMatchObject({
      state: "failed",
      cause: { code: "QUOTA" },
    });
  });

  test("a DaemonSet counts nodes", () => {
    const daemon = (status: Record<string, unknown>) =>
      manifest("DaemonSet", "d", {
        metadata: { generation: 1, annotations: { "deprecated.daemonset.template.generation": "2" } },
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 3,
          numberReady: 3,
          numberAvailable: 3,
          ...status,
        },
      });
    expect(assess(daemon({ updatedNumberScheduled: 3 }), [])).toMatchObject({ state: "healthy", desired: 3 });
    const old = pod("d-a", ["d", "DaemonSet"], ready, { "pod-template-generation": "1" });
    expect(assess(daemon({ updatedNumberScheduled: 2 }), [old])).toMatchObject({
      state: "progressing",
      oldPods: 1,
    });
  });

  test("a Job counts its own failures", () => {
    const job = (status: Record<string, unknown>) =>
      manifest("Job", "j", { spec: { completions: 1 }, status });
    const crashed = pod("j-a", ["j", "Job"], {
      ...containers({ state: { terminated: { exitCode: 4 } } }),
      phase: "Failed",
    });
    expect(assess(job({ active: 1 }), [crashed])).toMatchObject({
      state: "progressing",
      cause: { code: "CRASH" },
    });
    const failed = { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too many" };
    expect(assess(job({ conditions: [failed] }), [crashed])).toMatchObject({
      state: "failed",
      cause: { code: "CRASH", facts: { exitCode: 4 } },
    });
    const late = { type: "Failed", status: "True", reason: "DeadlineExceeded", message: "too late" };
    expect(assess(job({ conditions: [late] }), [])).toMatchObject({ cause: { code: "DEADLINE_EXCEEDED" } });
    const complete = { type: "Complete", status: "True" };
    expect(assess(job({ succeeded: 1, conditions: [complete] }), []).state).toBe("healthy");
  });

  test("what has no deadline of its own is given up after ten minutes without a step forward", () => {
    const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
    const long = { at: ago(601) };
    const waiting = stateful({ updatedReplicas: 1, readyReplicas: 1 });
    const daemon = manifest("DaemonSet", "d", { status: { desiredNumberScheduled: 2, numberAvailable: 1 } });
    const paused = manifest("Deployment", "p", { spec: { replicas: 1, paused: true } });
    const running = manifest("Deployment", "p", { spec: { replicas: 1 } });
    for (const workload of [waiting, daemon, paused]) {
      expect(assess(workload, [], long)).toMatchObject({
        state: "failed",
        cause: { code: "DEADLINE_EXCEEDED", facts: { seconds: 600 } },
      });
      expect(assess(workload, [], { at: ago(599) }).state).toBe("progressing");
      expect(assess(workload, []).state).toBe("progressing");
    }
    // A Deployment has its own, as long as anybody looks after it.
    expect(assess(running, [], long).state).toBe("progressing");
    const unseen = { ...running, metadata: { ...running.metadata, generation: 2 } };
    expect(assess(unseen, [], long)).toMatchObject({ cause: { code: "DEADLINE_EXCEEDED" } });
    // The clock starts again with each pod of the new revision.
    const fresh = pod("s-1", own, { phase: "Pending" }, at("s-2"));
    const young = { ...fresh, metadata: { ...fresh.metadata, creationTimestamp: ago(30).toISOString() } };
    expect(assess(waiting, [young], long).state).toBe("progressing");
    // What holds it up is the cause.
    const lost = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no room" };
    const held = pod("s-1", own, { phase: "Pending", conditions: [lost] }, at("s-2"));
    expect(assess(waiting, [held], long)).toMatchObject({
      state: "failed",
      cause: { code: "UNSCHEDULABLE" },
    });
    const job = manifest("Job", "j", { spec: { completions: 1 }, status: { active: 1 } });
    expect(assess(job, [pod("j-a", ["j", "Job"], { phase: "Running" })], long).state).toBe("progressing");
    const stuck = pod("j-a", ["j", "Job"], { phase: "Pending", conditions: [lost] });
    expect(assess(job, [stuck], long)).toMatchObject({ state: "failed", cause: { code: "UNSCHEDULABLE" } });
  });

  test("anything else is healthy when it exists", () => {
    expect(assess(manifest("ConfigMap", "c", {}), []).state).toBe("healthy");
  });
});
