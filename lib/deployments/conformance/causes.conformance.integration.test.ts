import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";
import { type Engine, makeEngine } from "../testing/engine.ts";
import type { Behaviour } from "../testing/images.ts";
import { makePlace } from "../testing/place.ts";
import { daemonSet, deployment, job, statefulSet, templateOf } from "../testing/templates.ts";

await testDatabase();
let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(() => engine?.close());

type Options = {
  behaviour?: Behaviour;
  labels?: Record<string, string>;
  /** Put into the namespace beforehand. */
  before?: { apiVersion: string; kind: string; name: string; spec: Record<string, unknown> };
};

/** Deploys one object that is named `app`, alone in its namespace, and answers what came of it. */
async function deployOne(object: Record<string, unknown>, options: Options = {}) {
  const place = await makePlace(engine, {
    components: [{ key: "app", template: templateOf(object) }],
    existing: options.labels ?? {},
  });
  if (options.before) {
    const { name, ...rest } = options.before;
    await engine.other.apply({ ...rest, metadata: { name, namespace: place.namespace } });
    // The quota's controller counts first; until then it lets everything through.
    await expect
      .poll(async () => (await place.get(rest.apiVersion, rest.kind, name))?.status, { timeout: 20_000 })
      .not.toBeUndefined();
  }
  const { state, cause, targets } = await place.deploy(await place.release(options.behaviour));
  const [target] = targets;
  return {
    ended: [state, cause?.code ?? null],
    facts: cause?.facts ?? {},
    evidence: (cause?.evidence ?? []).map(({ source, text }) => `${source}: ${text}`).join("\n"),
    applied: target?.steps.find(({ name }) => name === "apply")?.state,
    progress: target?.workloads[0],
  };
}
const SOON = { progressDeadlineSeconds: 5 };
const port = { ports: [{ containerPort: 8080 }] };
const answering = {
  ...port,
  readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
};
const quota = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  name: "narrow",
  spec: { hard: { pods: "0" } },
};

describe("causes in plain words, with what they come from", () => {
  test("an image that cannot be pulled", async () => {
    const { ended, facts, evidence } = await deployOne(deployment("app"), { behaviour: "bad" });
    expect(ended).toEqual(["failed", "IMAGE_PULL"]);
    expect(facts).toMatchObject({ component: "app", object: "Deployment app", container: "app" });
    expect(facts.image).toContain("-bad@sha256:");
    expect(evidence).toMatch(/event: Failed: .*pull/i);
  });

  test("a crash: exit code and last lines of the log", async () => {
    const { ended, facts, evidence } = await deployOne(deployment("app", { container: answering }), {
      behaviour: "crash",
    });
    expect(ended).toEqual(["failed", "CRASH"]);
    expect(facts).toMatchObject({ object: "Deployment app", container: "app", exitCode: 1 });
    expect(evidence).toMatch(/^status: Error, exit code 1$/m);
    expect(evidence).toMatch(/^log: .+/m);
  });

  test("an init container that crashes", async () => {
    const init = { initContainers: [{ name: "prepare", image: "{image}" }] };
    const { ended, facts } = await deployOne(deployment("app", { pod: init }), { behaviour: "crash" });
    expect(ended).toEqual(["failed", "CRASH"]);
    expect(facts).toMatchObject({ container: "prepare", exitCode: 1 });
  });

  test("memory that ran out", async () => {
    const { ended, facts, evidence } = await deployOne(deployment("app", { container: answering }), {
      behaviour: "oom",
    });
    expect(ended).toEqual(["failed", "OOM_KILLED"]);
    expect(facts).toMatchObject({ container: "app", exitCode: 137 });
    expect(evidence).toContain("OOMKilled");
  });

  test("a readiness probe that fails until the deadline", async () => {
    const object = deployment("app", { spec: SOON, container: answering });
    const { ended, facts, evidence } = await deployOne(object, { behaviour: "notready" });
    expect(ended).toEqual(["failed", "PROBE_FAILING"]);
    expect(facts).toMatchObject({ container: "app", probe: "readiness" });
    expect(evidence).toContain("event: Unhealthy: Readiness probe failed");
  });

  test("no node takes the pod, in the scheduler's words", async () => {
    const pod = { nodeSelector: { "kubernetes.io/hostname": "nowhere" } };
    const { ended, facts, evidence } = await deployOne(deployment("app", { spec: SOON, pod }));
    expect(ended).toEqual(["failed", "UNSCHEDULABLE"]);
    expect(facts.reason).toMatch(/nodes are available/);
    expect(evidence).toContain("event: FailedScheduling: ");
  });

  test("a quota: the apply is answered with 201 and no pod ever comes", async () => {
    const { ended, facts, applied, evidence } = await deployOne(deployment("app"), { before: quota });
    expect(applied).toBe("succeeded");
    expect(ended).toEqual(["failed", "QUOTA"]);
    expect(facts.reason).toContain("exceeded quota: narrow");
    expect(evidence).toMatch(/exceeded quota/);
  });

  test("a quota stops a StatefulSet and a Job too, told by events alone", async () => {
    for (const object of [statefulSet("app"), job("app")]) {
      const { ended, evidence } = await deployOne(object, { before: quota });
      expect(ended).toEqual(["failed", "QUOTA"]);
      expect(evidence).toContain("exceeded quota");
    }
  });

  test("pod security refuses pods that nobody sees", async () => {
    const { ended, applied, facts } = await deployOne(deployment("app"), {
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect([applied, ...ended]).toEqual(["succeeded", "failed", "POD_SECURITY"]);
    expect(facts.reason).toContain('violates PodSecurity "restricted');
  });

  test("a ConfigMap for the environment is missing", async () => {
    const container = { envFrom: [{ configMapRef: { name: "nobody" } }] };
    const { ended, facts } = await deployOne(deployment("app", { spec: SOON, container }));
    expect(ended).toEqual(["failed", "MISSING_CONFIG"]);
    expect(facts).toMatchObject({ kind: "configmap", name: "nobody" });
  });

  test("a Secret for a volume is missing", async () => {
    const parts = {
      spec: SOON,
      pod: { volumes: [{ name: "keys", secret: { secretName: "nobody" } }] },
      container: { volumeMounts: [{ name: "keys", mountPath: "/keys" }] },
    };
    const { ended, facts } = await deployOne(deployment("app", parts));
    expect(ended).toEqual(["failed", "MISSING_CONFIG"]);
    expect(facts).toMatchObject({ kind: "secret", name: "nobody" });
  });

  test("a ServiceAccount is missing", async () => {
    const pod = { serviceAccountName: "nobody" };
    const { ended, evidence } = await deployOne(deployment("app", { spec: SOON, pod }));
    expect(ended).toEqual(["failed", "MISSING_CONFIG"]);
    expect(evidence).toContain('serviceaccount "nobody" not found');
  });

  test("nothing is wrong but it takes longer than its deadline", async () => {
    const container = { ...port, readinessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 60 } };
    const object = deployment("app", { spec: SOON, container });
    const { ended, facts } = await deployOne(object, { behaviour: "slow" });
    expect(ended).toEqual(["failed", "DEADLINE_EXCEEDED"]);
    expect(facts).toMatchObject({ seconds: 5 });
  });
});

describe("other workloads", () => {
  test("a StatefulSet comes up pod after pod", async () => {
    const { ended, progress } = await deployOne(statefulSet("app", { spec: { replicas: 2 } }));
    expect(ended).toEqual(["succeeded", null]);
    expect(progress?.pods.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "app-0 ready",
      "app-1 ready",
    ]);
  });

  test("a StatefulSet whose pod crashes", async () => {
    const { ended, facts } = await deployOne(statefulSet("app", { container: answering }), {
      behaviour: "crash",
    });
    expect(ended).toEqual(["failed", "CRASH"]);
    expect(facts).toMatchObject({ object: "StatefulSet app", pod: "app-0", exitCode: 1 });
  });

  test("a DaemonSet comes up on every node", async () => {
    const { ended, progress } = await deployOne(daemonSet("app"));
    expect(ended).toEqual(["succeeded", null]);
    expect(progress?.desired).toBeGreaterThan(0);
    expect(progress?.available).toBe(progress?.desired);
  });

  test("a DaemonSet whose image cannot be pulled", async () => {
    const { ended, facts } = await deployOne(daemonSet("app"), { behaviour: "bad" });
    expect(ended).toEqual(["failed", "IMAGE_PULL"]);
    expect(facts).toMatchObject({ object: "DaemonSet app" });
  });

  test("a Job that runs to its end", async () => {
    const object = job("app", { container: { command: ["true"] } });
    expect((await deployOne(object)).ended).toEqual(["succeeded", null]);
  });

  test("a Job that fails for good, with its last words", async () => {
    const { ended, facts, evidence } = await deployOne(job("app", { spec: { backoffLimit: 0 } }), {
      behaviour: "fail",
    });
    expect(ended).toEqual(["failed", "CRASH"]);
    expect(facts).toMatchObject({ exitCode: 1 });
    expect(evidence).toMatch(/^log: .+/m);
  });

  test("a Job that takes longer than it may", async () => {
    const spec = { activeDeadlineSeconds: 1 };
    const { ended } = await deployOne(job("app", { spec, container: { command: ["sleep", "60"] } }));
    expect(ended).toEqual(["failed", "DEADLINE_EXCEEDED"]);
  });
});
