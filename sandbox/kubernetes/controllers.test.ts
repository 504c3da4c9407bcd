import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AppsV1Api, AutoscalingV2Api, BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningKubernetes } from "./server.ts";
import { startKubernetes } from "./server.ts";
import type { StubRegistry } from "./stub-registry.ts";
import { startStubRegistry } from "./stub-registry.ts";

const base = mkdtempSync(join(tmpdir(), "kubernetes-controllers-"));
let registry: StubRegistry;
let cluster: RunningKubernetes;
let image: string;
const namespace = "work";

function connect(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config;
}

beforeAll(async () => {
  registry = await startStubRegistry();
  const program = `
    import { readFileSync } from "node:fs";
    const [, , what] = process.argv;
    if (what === "read") console.log(readFileSync(process.argv[3], "utf8"));
    if (what === "wait") setInterval(() => {}, 1000);
    if (what === "fail") process.exit(7);
    console.log("done " + process.pid);
  `;
  await registry.push("work/tool", "1", { "app/tool.mjs": program }, ["node", "tool.mjs"]);
  image = `${registry.host}/work/tool:1`;
  cluster = await startKubernetes({ port: 0, dataDir: join(base, "one"), name: "one", adminToken: "secret" });
  const core = connect(cluster.kubeconfig).makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
});

afterAll(async () => {
  // A failed test leaves its server running; SIGTERM also ends the pods' processes.
  await Promise.all(
    started.map((child) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      child.kill("SIGTERM");
      return new Promise((resolve) => child.once("exit", resolve));
    }),
  );
  await cluster.close();
  await registry.close();
  rmSync(base, { recursive: true, force: true });
});

function template(args: string[], labels: Record<string, string>, restartPolicy?: string) {
  const containers = [{ name: "tool", image, args }];
  const spec = { containers, terminationGracePeriodSeconds: 1, ...(restartPolicy ? { restartPolicy } : {}) };
  return { metadata: { labels }, spec };
}

describe("controllers beside Deployments", () => {
  test("a Job completes; one that fails stops at its limit", async () => {
    const batch = connect(cluster.kubeconfig).makeApiClient(BatchV1Api);
    for (const [name, args] of [
      ["good", ["ok"]],
      ["bad", ["fail"]],
    ] as const) {
      const spec = { backoffLimit: 1, template: template([...args], {}, "Never") };
      await batch.createNamespacedJob({ namespace, body: { metadata: { name }, spec } });
    }
    const outcome = async (name: string) => {
      const { status } = await batch.readNamespacedJob({ name, namespace });
      return (status?.conditions ?? []).map((condition) => `${condition.type} ${condition.reason}`);
    };
    await expect.poll(() => outcome("good"), { timeout: 20_000 }).toContain("Complete CompletionsReached");
    await expect.poll(() => outcome("bad"), { timeout: 20_000 }).toContain("Failed BackoffLimitExceeded");
    expect((await batch.readNamespacedJob({ name: "bad", namespace })).status?.failed).toBe(2);
  });

  test("a StatefulSet makes its pods in order and replaces them by name", async () => {
    const config = connect(cluster.kubeconfig);
    const apps = config.makeApiClient(AppsV1Api);
    const core = config.makeApiClient(CoreV1Api);
    const labels = { app: "db" };
    const spec = {
      serviceName: "db",
      replicas: 2,
      selector: { matchLabels: labels },
      template: template(["wait"], labels),
    };
    await apps.createNamespacedStatefulSet({ namespace, body: { metadata: { name: "db" }, spec } });
    const ready = async () =>
      (await apps.readNamespacedStatefulSet({ name: "db", namespace })).status?.readyReplicas;
    await expect.poll(ready, { timeout: 20_000 }).toBe(2);
    const pod = await core.readNamespacedPod({ name: "db-0", namespace });
    const second = await core.readNamespacedPod({ name: "db-1", namespace });
    expect(Number(second.metadata?.resourceVersion)).toBeGreaterThan(Number(pod.metadata?.resourceVersion));
    await core.deleteNamespacedPod({ name: "db-0", namespace });
    const uid = async () => {
      const again = await core.readNamespacedPod({ name: "db-0", namespace }).catch(() => undefined);
      return again !== undefined && again.metadata?.uid !== pod.metadata?.uid;
    };
    await expect.poll(uid, { timeout: 20_000 }).toBe(true);
  });

  test("a DaemonSet runs once on each node", async () => {
    const apps = connect(cluster.kubeconfig).makeApiClient(AppsV1Api);
    const labels = { app: "agent" };
    const spec = { selector: { matchLabels: labels }, template: template(["wait"], labels) };
    await apps.createNamespacedDaemonSet({ namespace, body: { metadata: { name: "agent" }, spec } });
    const ready = async () =>
      (await apps.readNamespacedDaemonSet({ name: "agent", namespace })).status?.numberReady;
    await expect.poll(ready, { timeout: 20_000 }).toBe(2);
  });

  test("an autoscaler raises its target to the minimum", async () => {
    const config = connect(cluster.kubeconfig);
    const apps = config.makeApiClient(AppsV1Api);
    const labels = { app: "scaled" };
    const spec = { replicas: 1, selector: { matchLabels: labels }, template: template(["wait"], labels) };
    await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: "scaled" }, spec } });
    const target = { apiVersion: "apps/v1", kind: "Deployment", name: "scaled" };
    await config.makeApiClient(AutoscalingV2Api).createNamespacedHorizontalPodAutoscaler({
      namespace,
      body: {
        metadata: { name: "scaled" },
        spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 3 },
      },
    });
    const replicas = async () =>
      (await apps.readNamespacedDeployment({ name: "scaled", namespace })).spec?.replicas;
    await expect.poll(replicas, { timeout: 20_000 }).toBe(2);
    const { metadata } = await apps.readNamespacedDeployment({ name: "scaled", namespace });
    const owner = metadata?.managedFields?.find((entry) => entry.subresource === "scale");
    expect(owner?.manager).toBe("kube-controller-manager");
  });

  test("a pod reads a mounted ConfigMap by the path its arguments name", async () => {
    const core = connect(cluster.kubeconfig).makeApiClient(CoreV1Api);
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: "settings" }, data: { "app.conf": "colour=green" } },
    });
    const containers = [
      {
        name: "tool",
        image,
        args: ["read", "/etc/settings/app.conf"],
        volumeMounts: [{ name: "c", mountPath: "/etc/settings" }],
      },
    ];
    const spec = {
      restartPolicy: "Never",
      containers,
      volumes: [{ name: "c", configMap: { name: "settings" } }],
    };
    await core.createNamespacedPod({ namespace, body: { metadata: { name: "reader" }, spec } });
    const phase = async () => (await core.readNamespacedPod({ name: "reader", namespace })).status?.phase;
    await expect.poll(phase, { timeout: 20_000 }).toBe("Succeeded");
    expect(await core.readNamespacedPodLog({ name: "reader", namespace })).toContain("colour=green");
  });
});

const started: ChildProcess[] = [];

/** Starts the server as a process of its own; resolves with its kubeconfig once it says that it is ready. */
async function startProcess(dataDir: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], {
    env: { ...process.env, PORT: "0", DATA_DIR: dataDir, CLUSTER_NAME: "two", ADMIN_TOKEN: "secret" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  started.push(child);
  const said: { kubeconfig: string } = await new Promise((resolve) => {
    createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
  });
  const config = new KubeConfig();
  config.loadFromFile(said.kubeconfig);
  const exited = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  return { child, core: config.makeApiClient(CoreV1Api), exited };
}

/** Whether a process runs; one that has ended but was not yet reaped by its parent does not. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(")")));
  } catch {
    return false;
  }
}

test("a killed server's processes are ended by its successor, which runs the pods anew; SIGTERM ends all", async () => {
  const dataDir = join(base, "two");
  const first = await startProcess(dataDir);
  const pod = { name: "sleeper", namespace: "default" };
  await first.core.createNamespacedPod({
    namespace: "default",
    body: { metadata: { name: "sleeper" }, spec: { containers: [{ name: "tool", image, args: ["wait"] }] } },
  });
  const pidFrom = async (core: CoreV1Api) => {
    const log = await core.readNamespacedPodLog(pod).catch(() => "");
    return Number(/done (\d+)/.exec(log)?.[1] ?? 0);
  };
  await expect.poll(() => pidFrom(first.core), { timeout: 20_000 }).toBeGreaterThan(0);
  const old = await pidFrom(first.core);
  first.child.kill("SIGKILL");
  await first.exited;
  const second = await startProcess(dataDir);
  await expect.poll(() => pidFrom(second.core), { timeout: 20_000 }).not.toBe(old);
  await expect.poll(() => pidFrom(second.core), { timeout: 20_000 }).toBeGreaterThan(0);
  const fresh = await pidFrom(second.core);
  expect(isAlive(old)).toBe(false);
  expect(isAlive(fresh)).toBe(true);
  second.child.kill("SIGTERM");
  await second.exited;
  expect(isAlive(fresh)).toBe(false);
});
