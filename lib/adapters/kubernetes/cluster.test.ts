import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import type { Manifest, WatchEvent } from "../ports.ts";
import { type Exchange, type Replay, readRecording, startReplay } from "../testing/replay.ts";
import { createCluster, parseWarnings } from "./cluster.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const recorded = (file: string, ...labels: string[]) =>
  readRecording(new URL(`fixtures/${file}.json`, import.meta.url), ...labels);

const kubeconfigFor = (server: string): string =>
  JSON.stringify({
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "secret-token" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  });

async function clusterWith(exchanges: Exchange[]) {
  const replay: Replay = await startReplay(exchanges);
  closing.push(replay.close);
  const cluster = createCluster({ kubeconfig: kubeconfigFor(replay.url), timeoutMs: 5_000 });
  return { cluster, requests: replay.requests };
}
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}
const failureOf = async (call: Promise<unknown>): Promise<AdapterError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof AdapterError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
};
const json = (method: string, path: string, status: number, body: unknown, headers = {}): Exchange => ({
  request: { method, path },
  response: { status, headers, body },
});

const namespace = "refract-demo";
const workload = (name: string, kind = "Deployment", where = namespace): Manifest => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: where },
});
const configMaps = { apiVersion: "v1", kind: "ConfigMap", namespace };

describe("apply", () => {
  test("sends the object as it is, with manager, strictness, dry run and force", async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/api`;
    const object = { ...workload("api"), spec: { brandNewField: 1 } };
    const { cluster, requests } = await clusterWith([json("PATCH", path, 200, object)]);
    await cluster.apply(object, { dryRun: true, force: true });
    const [request] = requests;
    expect(JSON.parse(request?.body ?? "")).toEqual(object);
    expect(request?.headers).toMatchObject({
      "content-type": "application/apply-patch+yaml",
      authorization: "Bearer secret-token",
    });
    expect(Object.fromEntries(new URL(request?.path ?? "", "http://x").searchParams)).toEqual({
      fieldManager: "refract",
      force: "true",
      dryRun: "All",
      fieldValidation: "Strict",
    });
  });

  test.each([
    ["026-apply-conflict-409", ".spec.replicas", "ops-tool"],
    ["071-apply-conflict-with-scale-409", ".spec.replicas", "ops-tool"],
  ])("%s names field and manager", async (file, field, manager) => {
    const { cluster } = await clusterWith(await recorded(file));
    expect(await cluster.apply(workload("api"))).toMatchObject({
      ok: false,
      conflicts: [{ field, manager }],
    });
  });

  test("a conflict with ourselves alone is taken over", async () => {
    const [conflict] = await recorded("071-apply-conflict-with-scale-409");
    if (!conflict) throw new Error("no recording");
    const ours: unknown = JSON.parse(
      JSON.stringify(conflict.response.body).replaceAll("ops-tool", "refract"),
    );
    const { cluster, requests } = await clusterWith([
      { ...conflict, response: { ...conflict.response, body: ours } },
      json("PATCH", conflict.request.path, 200, workload("api")),
    ]);
    expect(await cluster.apply(workload("api"))).toMatchObject({ ok: true });
    expect(requests.map((request) => request.path.includes("force=true"))).toEqual([false, true]);
  });

  test.each([
    ["034-apply-unknown-field-strict-500", workload("unk"), "invalid", {}],
    ["051-apply-duplicate-env-500", workload("api"), "invalid", {}],
    ["032-apply-invalid-422", workload("bad"), "invalid", { reason: "Invalid" }],
    [
      "043-apply-namespace-missing-404",
      workload("api", "Deployment", "nope"),
      "missing",
      { missing: "namespace" },
    ],
    ["047-apply-stale-resource-version-409", workload("api"), "conflict", { reason: "Conflict" }],
  ])("%s", async (file, object, failure, details) => {
    const { cluster } = await clusterWith(await recorded(file));
    expect(await failureOf(cluster.apply(object))).toMatchObject({ failure, retryable: false, details });
  });

  test("a namespace being deleted says so", async () => {
    const series = (await recorded("148-namespace-terminating")).filter(
      ({ request }) => request.method === "PATCH",
    );
    const { cluster } = await clusterWith(series);
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "new", namespace: "refract-new" },
    };
    expect(await failureOf(cluster.apply(object))).toMatchObject({
      failure: "forbidden",
      details: { reason: "NamespaceTerminating" },
    });
  });

  test("warnings come with the answer", async () => {
    const { cluster } = await clusterWith(await recorded("119-rollout-pod-security-apply"));
    const outcome = await cluster.apply(workload("api", "Deployment", "refract-psa"));
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.ok && outcome.warnings).toHaveLength(1);
    expect(outcome.ok && outcome.warnings[0]).toMatch(
      /^would violate PodSecurity "restricted:latest": .*container "app"/,
    );
    expect(parseWarnings('299 - "unknown field \\"a\\", first", 299 - "second"')).toEqual([
      'unknown field "a", first',
      "second",
    ]);
  });
});

describe("reading", () => {
  test("a missing object is null, a missing kind is an error", async () => {
    const { cluster } = await clusterWith([
      ...(await recorded("052-get-missing-404")),
      json("GET", "/apis/apps/v1", 200, {
        resources: [{ name: "deployments", kind: "Deployment", namespaced: true }],
      }),
    ]);
    expect(await cluster.get({ ...workload("nope"), name: "nope", namespace })).toBeNull();
    const strange = { apiVersion: "apps/v1", kind: "Deploymentz", namespace, name: "api" };
    expect(await failureOf(cluster.get(strange))).toMatchObject({
      failure: "missing",
      details: { missing: "kind" },
    });
  });

  test("an answer that says the resource is unknown is not a missing object", async () => {
    const [unknown] = await recorded("042-apply-unknown-resource-404");
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/api`;
    const { cluster } = await clusterWith([json("GET", path, 404, unknown?.response.body)]);
    const call = cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "api" });
    expect(await failureOf(call)).toMatchObject({ failure: "missing", details: { missing: "kind" } });
  });

  test.each(["", '{"kind":"Status","apiVersion":"v1","met'])(
    "a 404 that says %j is asked again",
    async (body) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/api`;
      const { cluster } = await clusterWith([json("GET", path, 404, body)]);
      const call = cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "api" });
      expect(await failureOf(call)).toMatchObject({ failure: "broken", retryable: true, status: 404 });
    },
  );

  test("items of a list get their kind", async () => {
    const { cluster } = await clusterWith(await recorded("082-list-replicasets-of-deployment"));
    const kind = { apiVersion: "apps/v1", kind: "ReplicaSet", namespace };
    const { items } = await cluster.list(kind);
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((item) => item.kind === "ReplicaSet" && item.apiVersion === "apps/v1")).toBe(true);
  });

  test("pages are put together, and started again once when the server has forgotten them", async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const page = (name: string, next: string) =>
      json("GET", path, 200, {
        metadata: { resourceVersion: "7", continue: next },
        items: [{ metadata: { name } }],
      });
    const [expired] = await recorded("136-continue-expired-410");
    if (!expired) throw new Error("no recording");
    const { cluster, requests } = await clusterWith([page("a", "x"), expired, page("a", "x"), page("b", "")]);
    const { items, resourceVersion } = await cluster.list(configMaps, { labelSelector: "k=v" });
    expect(items.map((item) => item.metadata.name)).toEqual(["a", "b"]);
    expect(resourceVersion).toBe("7");
    expect(requests).toHaveLength(4);
    expect(requests.every((request) => request.path.includes("labelSelector=k%3Dv"))).toBe(true);
  });

  test.each([
    ["010-no-token-403", "forbidden"],
    ["011-bad-token-401", "unauthorized"],
  ])("%s", async (file, failure) => {
    const [exchange] = await recorded(file);
    const { cluster } = await clusterWith([
      json("GET", "/version", exchange?.response.status ?? 0, exchange?.response.body),
    ]);
    expect(await failureOf(cluster.version())).toMatchObject({ failure, retryable: false });
  });

  test("a 429 in plain text is tried again when the server says, three times at most", async () => {
    const [throttled] = await recorded("149-too-many-requests-429");
    if (!throttled) throw new Error("no recording");
    const soon = { ...throttled, response: { ...throttled.response, headers: { "retry-after": "0" } } };
    const list = json("GET", throttled.request.path, 200, {
      metadata: { resourceVersion: "1" },
      items: null,
    });
    const passing = await clusterWith([soon, soon, soon, list]);
    expect((await passing.cluster.list(configMaps)).items).toEqual([]);
    const lasting = await clusterWith([soon]);
    expect(await failureOf(lasting.cluster.list(configMaps))).toMatchObject({
      failure: "throttled",
      retryable: true,
      message: expect.stringContaining("Too many requests"),
    });
    expect(lasting.requests).toHaveLength(4);
  });

  test("a namespace that exists is present", async () => {
    const [exists] = await recorded("013-namespace-create-again-409");
    const { cluster } = await clusterWith([json("POST", "/api/v1/namespaces", 409, exists?.response.body)]);
    expect(await cluster.createNamespace("refract-demo", {})).toBe("present");
  });
});

describe("watch", () => {
  const watch = async (exchanges: Exchange[]) => {
    const { cluster } = await clusterWith(exchanges);
    const events: WatchEvent[] = [];
    const ended = await cluster.watch(configMaps, {
      resourceVersion: "1",
      onEvent: (event) => events.push(event),
    });
    return { events, ...ended };
  };

  test("events and bookmarks, to the server's own end", async () => {
    const { events, ended } = await watch(await recorded("086-watch-raw-chunks"));
    expect(ended).toBe("server");
    expect(events[0]).toMatchObject({
      type: "modified",
      object: { kind: "ConfigMap", metadata: { name: "page-0" } },
    });
    expect(events.at(-1)).toEqual({ type: "bookmark", resourceVersion: expect.stringMatching(/^\d+$/) });
  });

  test("a label that no longer matches is a deletion", async () => {
    const { events } = await watch(await recorded("089-watch-label-leaves-selector"));
    expect(events[0]).toMatchObject({ type: "deleted", object: { metadata: { name: "page-1" } } });
  });

  test("a version that is too old comes as an ERROR inside a 200", async () => {
    expect(await watch(await recorded("095-watch-too-old-error-event"))).toEqual({
      ended: "expired",
      events: [],
    });
  });

  test("any other ERROR and a line that is no event are failures", async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const status = { kind: "Status", message: "etcd is away", code: 500 };
    expect(
      await failureOf(
        watch([json("GET", path, 200, `{"type":"ERROR","object":${JSON.stringify(status)}}\n`)]),
      ),
    ).toMatchObject({ failure: "broken", message: expect.stringContaining("etcd is away") });
    expect(await failureOf(watch([json("GET", path, 200, "<html>\n")]))).toMatchObject({ failure: "broken" });
  });

  test("events cut between pieces, and inside a character", async () => {
    const event = (name: string) => ({
      type: "ADDED",
      object: { ...workload(name), data: { a: "中\u2028文" } },
    });
    const bytes = Buffer.from(`${JSON.stringify(event("a"))}\n${JSON.stringify(event("b"))}\n`);
    const server = createServer(async (_, response) => {
      for (const byte of bytes) response.write(Buffer.from([byte]));
      response.end();
    });
    const cluster = createCluster({ kubeconfig: kubeconfigFor(await listen(server)) });
    const events: WatchEvent[] = [];
    await cluster.watch(configMaps, { resourceVersion: "1", onEvent: (seen) => events.push(seen) });
    expect(events).toMatchObject([{ object: event("a").object }, { object: event("b").object }]);
  });

  test("a broken connection ends it like the server, the caller's signal does not fail it", async () => {
    let dropped = false;
    const server = createServer((_, response) => {
      response.write(`${JSON.stringify({ type: "ADDED", object: workload("a") })}\n`);
      if (!dropped) setTimeout(() => response.destroy(), 20);
      dropped = true;
    });
    const cluster = createCluster({ kubeconfig: kubeconfigFor(await listen(server)) });
    const input = { resourceVersion: "1", onEvent: () => {} };
    expect(await cluster.watch(configMaps, input)).toEqual({ ended: "server" });
    const giveUp = new AbortController();
    const onEvent = () => giveUp.abort();
    expect(await cluster.watch(configMaps, { ...input, onEvent }, { signal: giveUp.signal })).toEqual({
      ended: "aborted",
    });
  });
});

describe("logs and proxy", () => {
  const pod = { namespace, name: "api-7c7b476b46-tt5zz" };

  test("a log, an unknown container, a missing pod, a bad option", async () => {
    const { cluster, requests } = await clusterWith(await recorded("084-pod-log"));
    const path = (request?: { path: string }) =>
      Object.fromEntries(new URL(request?.path ?? "", "http://x").searchParams);
    expect(await cluster.podLog(pod, { container: "app", tailLines: 50, timestamps: true })).toContain(
      "app started\n",
    );
    expect(path(requests[0])).toEqual({ container: "app", tailLines: "50", timestamps: "true" });
    await cluster.podLog(pod, {});
    expect(await failureOf(cluster.podLog(pod, { container: "nope" }))).toMatchObject({
      failure: "invalid",
      status: 400,
    });
    expect(await failureOf(cluster.podLog({ namespace, name: "nope" }, {}))).toMatchObject({
      failure: "missing",
    });
  });

  test("a container that has not started may be asked again", async () => {
    const message = 'container "app" in pod "a" is waiting to start: ContainerCreating';
    const body = { kind: "Status", message, reason: "BadRequest", code: 400 };
    const { cluster } = await clusterWith([
      json("GET", `/api/v1/namespaces/${namespace}/pods/a/log`, 400, body),
    ]);
    const call = cluster.followPodLog({ namespace, name: "a" }, { onText: () => {} });
    expect(await failureOf(call)).toMatchObject({ retryable: true, details: { reason: "ContainerWaiting" } });
  });

  test("a followed log comes in whole characters and ends with the container or the signal", async () => {
    let rounds = 0;
    const server = createServer((request, response) => {
      expect(request.url).toContain("follow=true");
      const text = Buffer.from("第一行\n");
      response.write(text.subarray(0, 4));
      setTimeout(() => {
        response.write(text.subarray(4));
        if (rounds++ === 0) response.end();
      }, 20);
    });
    const cluster = createCluster({ kubeconfig: kubeconfigFor(await listen(server)) });
    const pieces: string[] = [];
    await cluster.followPodLog(pod, { onText: (text) => pieces.push(text) });
    expect(pieces.join("")).toBe("第一行\n");
    expect(pieces.join("")).not.toContain("\uFFFD");
    const giveUp = new AbortController();
    await cluster.followPodLog(pod, { onText: () => giveUp.abort() }, { signal: giveUp.signal });
  });

  test("the proxy stays within its service and tells the service's answer from the API server's", async () => {
    const at = (path: string) => `/api/v1/namespaces/${namespace}/services/api:http/proxy${path}`;
    const forbidden = { kind: "Status", message: "no", reason: "Forbidden", code: 403 };
    const { cluster, requests } = await clusterWith([
      json("GET", at("/healthz"), 500, "not well"),
      json("GET", at("/secrets"), 403, forbidden),
      json("GET", at("/away"), 503, { kind: "Status", message: "no endpoints available", code: 503 }),
    ]);
    const ref = { namespace, service: "api", port: "http" };
    expect(await cluster.proxyGet({ ...ref, path: "healthz?a=1" })).toEqual({
      status: 500,
      body: "not well",
    });
    const climbing = cluster.proxyGet({ ...ref, path: "/x/../../%2e%2e/../secrets" });
    expect(await failureOf(climbing)).toMatchObject({ failure: "forbidden" });
    expect(await cluster.proxyGet({ ...ref, path: "/away" })).toMatchObject({ status: 503 });
    expect(requests.map((request) => request.path)).toEqual([
      at("/healthz?a=1"),
      at("/secrets"),
      at("/away"),
    ]);
  });
});

describe("connections", () => {
  test("are kept, and a kept one that the server has closed is replaced", async () => {
    let connections = 0;
    let answered = 0;
    const server = createServer((request, response) => {
      // The third request meets a connection that is closed without an answer.
      if (++answered === 3) return void request.socket.resetAndDestroy();
      return void response.end('{"gitVersion":"v1.34.0"}');
    });
    server.on("connection", () => connections++);
    const cluster = createCluster({ kubeconfig: kubeconfigFor(await listen(server)) });
    await cluster.version();
    await cluster.version();
    expect(connections).toBe(1);
    expect(await cluster.version()).toEqual({ gitVersion: "v1.34.0" });
    expect(connections).toBe(2);
  });

  test("a server that says nothing, and one that is not there", async () => {
    const silent = await listen(createServer(() => {}));
    const cluster = createCluster({ kubeconfig: kubeconfigFor(silent), timeoutMs: 50 });
    expect(await failureOf(cluster.version())).toMatchObject({ failure: "unreachable", retryable: true });
    const nowhere = createCluster({ kubeconfig: kubeconfigFor("http://127.0.0.1:1") });
    expect(await failureOf(nowhere.version())).toMatchObject({ failure: "unreachable" });
  });
});
