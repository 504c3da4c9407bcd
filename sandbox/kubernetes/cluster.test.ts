import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  Log,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningKubernetes } from "./server.ts";
import { startKubernetes } from "./server.ts";
import type { StubRegistry } from "./stub-registry.ts";
import { startStubRegistry } from "./stub-registry.ts";

/** A web server that tells its version, its configuration and when it is ready. */
const PROGRAM = `
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
console.log("version " + readFileSync("/app/version", "utf8") + " greets " + process.env.GREETING);
if (process.env.CRASH) { console.error("cannot go on"); process.exit(3); }
const server = createServer((request, response) => {
  console.log(request.method + " " + request.url);
  response.end(request.url === "/version" ? VERSION : "ok");
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on("SIGTERM", () => { console.log("goodbye"); process.exit(0); });
`;

let registry: StubRegistry;
let cluster: RunningKubernetes;
let config: KubeConfig;
let core: CoreV1Api;
let apps: AppsV1Api;
const directory = mkdtempSync(join(tmpdir(), "kubernetes-cluster-"));
const digests: Record<string, string> = {};
const NAMESPACE = "shop";

function start(): Promise<RunningKubernetes> {
  return startKubernetes({ port: 0, dataDir: directory, name: "test", adminToken: "secret" });
}

function connect(): void {
  config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
}

beforeAll(async () => {
  registry = await startStubRegistry();
  for (const version of ["1.0", "1.1"]) {
    // The image's own path /app/… only means something inside the image: the program reads its file by working directory.
    const program = PROGRAM.replace('"/app/version"', '"version"').replace(
      "VERSION",
      JSON.stringify(version),
    );
    const files = { "app/server.mjs": program, "app/version": version };
    digests[version] = await registry.push("shop/web", version, files, ["node", "/app/server.mjs"]);
  }
  cluster = await start();
  connect();
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
  await core.createNamespacedConfigMap({
    namespace: NAMESPACE,
    body: { metadata: { name: "web" }, data: { GREETING: "你好" } },
  });
});

afterAll(async () => {
  await cluster.close();
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

function deployment(
  version: string,
  change: (spec: NonNullable<V1Deployment["spec"]>) => void = () => {},
): V1Deployment {
  const labels = { app: "web" };
  const spec: NonNullable<V1Deployment["spec"]> = {
    replicas: 2,
    progressDeadlineSeconds: 4,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 2,
        containers: [
          {
            name: "app",
            image: `${registry.host}/shop/web:${version}`,
            ports: [{ name: "http", containerPort: 8080 }],
            envFrom: [{ configMapRef: { name: "web" } }],
            readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 1 },
          },
        ],
      },
    },
  };
  change(spec);
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: NAMESPACE }, spec };
}

function apply(
  body: V1Deployment,
  options: { force?: boolean; dryRun?: string; fieldManager?: string } = {},
) {
  return apps.patchNamespacedDeployment(
    { name: "web", namespace: NAMESPACE, body, fieldManager: "refract", ...options },
    setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
  );
}

function live(): Promise<V1Deployment> {
  return apps.readNamespacedDeployment({ name: "web", namespace: NAMESPACE });
}

async function rolledOut(version: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { metadata, spec, status } = await live();
        return (
          status?.observedGeneration === metadata?.generation &&
          status?.updatedReplicas === spec?.replicas &&
          status?.availableReplicas === spec?.replicas &&
          status?.replicas === spec?.replicas &&
          spec?.template.spec?.containers[0]?.image?.endsWith(version)
        );
      },
      { timeout: 30_000, interval: 100 },
    )
    .toBe(true);
}

async function pods(): Promise<V1Pod[]> {
  const list = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: "app=web" });
  return list.items.filter((pod) => !pod.metadata?.deletionTimestamp);
}

function nameOf(pod: V1Pod | undefined): string {
  return pod?.metadata?.name ?? "";
}

async function reasons(): Promise<string[]> {
  const events = await core.listNamespacedEvent({ namespace: NAMESPACE });
  return events.items.map((event) => event.reason ?? "");
}

function proxied(path: string): Promise<string> {
  const headers = { authorization: "Bearer secret" };
  return new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${cluster.port}/api/v1/namespaces/${NAMESPACE}${path}`;
    request(url, { headers }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve(text));
    })
      .on("error", reject)
      .end();
  });
}

// The chapters of one story, in order: each starts from the cluster the one before left.
describe("a Deployment of a real program", () => {
  test("a dry run shows the result and leaves nothing", async () => {
    const shown = await apply(deployment("1.0"), { dryRun: "All" });
    expect(shown.spec?.strategy?.rollingUpdate?.maxSurge).toBe("25%");
    await expect(live()).rejects.toMatchObject({ code: 404 });
  });

  test("runs, becomes ready by its probe, and is watched doing so", async () => {
    const seen: { type: string; ready: number }[] = [];
    const watch = new Watch(config);
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
    const stop = await watch.watch(
      path,
      {},
      (type, object) => seen.push({ type, ready: object.status?.readyReplicas ?? 0 }),
      () => {},
    );
    await apply(deployment("1.0"));
    await rolledOut("1.0");
    await expect.poll(() => seen.at(-1)?.ready).toBe(2);
    stop.abort();
    expect(seen[0]?.type).toBe("ADDED");
    const [pod] = await pods();
    const status = pod?.status?.containerStatuses?.[0];
    expect(status?.imageID).toBe(`${registry.host}/shop/web@${digests["1.0"]}`);
    const told = await reasons();
    for (const reason of [
      "ScalingReplicaSet",
      "SuccessfulCreate",
      "Scheduled",
      "Pulled",
      "Created",
      "Started",
    ]) {
      expect(told).toContain(reason);
    }
  });

  test("its log is what it printed; following goes on until the pod ends", async () => {
    const [pod] = await pods();
    const name = nameOf(pod);
    const log = await core.readNamespacedPodLog({ name, namespace: NAMESPACE });
    expect(log.split("\n")[0]).toBe("version 1.0 greets 你好");
    const stamped = await core.readNamespacedPodLog({
      name,
      namespace: NAMESPACE,
      tailLines: 1,
      timestamps: true,
    });
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z GET \/ready\n$/);
    const { PassThrough } = await import("node:stream");
    const stream = new PassThrough();
    let followed = "";
    stream.on("data", (chunk) => {
      followed += String(chunk);
    });
    const ended = new Promise((resolve) => stream.on("end", resolve));
    await new Log(config).log(NAMESPACE, name, "app", stream, { follow: true });
    await proxied(`/pods/${name}:http/proxy/hello`);
    await expect.poll(() => followed).toContain("GET /hello");
    await core.deleteNamespacedPod({ name, namespace: NAMESPACE });
    await ended;
    expect(followed).toContain("goodbye");
    await rolledOut("1.0");
  });

  test("is reached through pods and services", async () => {
    await core.createNamespacedService({
      namespace: NAMESPACE,
      body: {
        metadata: { name: "web" },
        spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },
      },
    });
    expect(await proxied("/services/web:80/proxy/version")).toBe("1.0");
  });

  test("a new image replaces the pods one by one and bears the next revision", async () => {
    await apply(deployment("1.1"));
    await rolledOut("1.1");
    expect(await proxied("/services/web:80/proxy/version")).toBe("1.1");
    expect((await live()).metadata?.annotations?.["deployment.kubernetes.io/revision"]).toBe("2");
  });

  test("a conflict names the other manager", async () => {
    await apps.patchNamespacedDeploymentScale(
      { name: "web", namespace: NAMESPACE, body: { spec: { replicas: 1 } }, fieldManager: "ops" },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    await expect(apply(deployment("1.1"))).rejects.toMatchObject({
      code: 409,
      body: expect.stringContaining('conflict with \\"ops\\" with subresource \\"scale\\" using apps/v1'),
    });
    await apply(deployment("1.1"), { force: true });
    await rolledOut("1.1");
  });

  test("a missing image keeps the old pods and times out; going back reuses the old ReplicaSet", async () => {
    await apply(deployment("9.9"));
    await expect
      .poll(
        async () => (await live()).status?.conditions?.find((entry) => entry.type === "Progressing")?.reason,
        {
          timeout: 20_000,
        },
      )
      .toBe("ProgressDeadlineExceeded");
    const waiting = (await pods()).flatMap(
      (pod) => pod.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? [],
    );
    expect(waiting.every((reason) => ["ErrImagePull", "ImagePullBackOff"].includes(reason))).toBe(true);
    expect(waiting.length).toBeGreaterThan(0);
    expect((await live()).status?.availableReplicas).toBe(2);
    const before = (await apps.listNamespacedReplicaSet({ namespace: NAMESPACE })).items.length;
    await apply(deployment("1.1"));
    await rolledOut("1.1");
    const after = await apps.listNamespacedReplicaSet({ namespace: NAMESPACE });
    expect(after.items).toHaveLength(before);
    expect((await live()).metadata?.annotations?.["deployment.kubernetes.io/revision"]).toBe("4");
  });

  test("a crashing program backs off, with its exit code and its last words kept", async () => {
    const crashing = deployment("1.1", (spec) => {
      const [container] = spec.template.spec?.containers ?? [];
      if (container) container.env = [{ name: "CRASH", value: "1" }];
    });
    await apply(crashing);
    const crashed = async () =>
      (await pods()).find((pod) => (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0);
    await expect.poll(crashed, { timeout: 20_000 }).toBeTruthy();
    const pod = await crashed();
    const status = pod?.status?.containerStatuses?.[0];
    expect(status?.lastState?.terminated?.exitCode ?? status?.state?.terminated?.exitCode).toBe(3);
    const name = nameOf(pod);
    const log = await core.readNamespacedPodLog({ name, namespace: NAMESPACE, previous: true });
    expect(log).toContain("cannot go on");
    expect(await reasons()).toContain("BackOff");
    await apply(deployment("1.1"));
    await rolledOut("1.1");
  });

  test("a missing ConfigMap holds the container back until it is there", async () => {
    const body = {
      metadata: { name: "lonely" },
      spec: {
        containers: [
          {
            name: "app",
            image: `${registry.host}/shop/web:1.0`,
            env: [{ name: "GREETING", valueFrom: { configMapKeyRef: { name: "later", key: "text" } } }],
          },
        ],
      },
    };
    await core.createNamespacedPod({ namespace: NAMESPACE, body });
    const state = async () => {
      const pod = await core.readNamespacedPod({ name: "lonely", namespace: NAMESPACE });
      return pod.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? pod.status?.phase;
    };
    await expect.poll(state, { timeout: 10_000 }).toBe("CreateContainerConfigError");
    await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name: "later" }, data: { text: "hello" } },
    });
    await expect.poll(state, { timeout: 10_000 }).toBe("Running");
  });

  test("a restarted server finds its objects and runs the pods again", async () => {
    const before = (await pods()).map(nameOf).sort();
    await cluster.close();
    cluster = await start();
    connect();
    await rolledOut("1.1");
    expect((await pods()).map(nameOf).sort()).toEqual(before);
    await expect.poll(() => proxied("/services/web:80/proxy/version"), { timeout: 20_000 }).toBe("1.1");
  });

  test("deleting the Deployment takes its ReplicaSets and pods along; a namespace empties itself", async () => {
    await apps.deleteNamespacedDeployment({ name: "web", namespace: NAMESPACE });
    await expect.poll(async () => (await pods()).length, { timeout: 15_000 }).toBe(0);
    await core.deleteNamespace({ name: NAMESPACE });
    await expect
      .poll(() => core.readNamespace({ name: NAMESPACE }).catch((error) => error.code), { timeout: 60_000 })
      .toBe(404);
  });
});
