import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type RunningKubernetes, startKubernetes } from "../kubernetes/server.ts";
import { changes, changesByObject } from "./changes.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "./proxy.ts";

let folder: string;
let cluster: RunningKubernetes;
let proxy: FaultProxy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-faults-"));
  cluster = await startKubernetes({ port: 0, dataDir: folder, name: "one", adminToken: "admin" });
  proxy = await startFaultProxy(cluster.kubeconfig);
});
afterAll(async () => {
  await proxy.close();
  await cluster.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  proxy.rule(null);
  proxy.requests.length = 0;
});

const path = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
const get = (name: string) => fetch(`${proxy.url}${path(name)}`);
const apply = (name: string, options: { query?: string; signal?: AbortSignal } = {}) =>
  fetch(`${proxy.url}${path(name)}?fieldManager=test${options.query ?? ""}`, {
    method: "PATCH",
    headers: { "content-type": "application/apply-patch+yaml" },
    body: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "1" } }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
const onPatch = (fault: Fault) => proxy.rule(({ method }) => (method === "PATCH" ? fault : null));
const broken = (call: Promise<Response>) =>
  call.then(
    () => false,
    () => true,
  );

test("lets everything pass with the server's credentials, and counts what changes objects", async () => {
  expect((await apply("a", { query: "&dryRun=All" })).status).toBe(201);
  expect((await apply("a")).status).toBe(201);
  expect((await get("a")).status).toBe(200);
  expect(changes(proxy.requests)).toMatchObject([{ status: 201 }]);
  expect(changesByObject(proxy.requests)).toEqual({ [`PATCH ${path("a")}`]: 1 });
});

test("answers in the server's place", async () => {
  onPatch({ answer: { status: 429, headers: { "retry-after": "1" }, body: "Too many requests" } });
  const answer = await apply("b");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "1"]);
  expect((await get("b")).status).toBe(404);
  expect(changes(proxy.requests)).toEqual([]);
});

test("talks over a server that did what was asked", async () => {
  onPatch({ answer: { status: 500, body: "{}" }, after: true });
  expect((await apply("h")).status).toBe(500);
  expect((await get("h")).status).toBe(200);
  expect(changes(proxy.requests)).toHaveLength(1);
});

test("breaks the connection before the server hears of it, and after it did it", async () => {
  onPatch({ lose: "request" });
  expect(await broken(apply("c"))).toBe(true);
  expect((await get("c")).status).toBe(404);
  onPatch({ lose: "answer" });
  expect(await broken(apply("c"))).toBe(true);
  expect((await get("c")).status).toBe(200);
  expect(changes(proxy.requests)).toHaveLength(1);
});

test("cuts an answer", async () => {
  onPatch({ cut: 20 });
  expect((await (await apply("d")).text()).length).toBe(20);
});

test("keeps silent, and lets nothing through", async () => {
  onPatch({ silent: true });
  expect(await broken(apply("e", { signal: AbortSignal.timeout(100) }))).toBe(true);
  expect((await get("e")).status).toBe(404);
});

test("holds a request or its answer back; one whose caller has gone is not passed on", async () => {
  let letGo = () => {};
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  onPatch({ hold: "answer", until });
  const held = apply("f");
  await expect.poll(async () => (await get("f")).status).toBe(200);
  letGo();
  expect((await held).status).toBe(201);

  const other = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  onPatch({ hold: "request", until: other });
  const giveUp = new AbortController();
  const gone = apply("g", { signal: giveUp.signal });
  await expect.poll(() => proxy.requests.filter(({ path: one }) => one === path("g")).length).toBe(1);
  giveUp.abort();
  expect(await broken(gone)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  letGo();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await get("g")).status).toBe(404);
});
