import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { objectLabels } from "#lib/plans/labels.ts";
import { startKubernetes } from "#sandbox/kubernetes/server.ts";
import { removeTraces, type Traces } from "./clusters.ts";

let folder: string;
let server: Awaited<ReturnType<typeof startKubernetes>>;
let cluster: Cluster;
let kubeconfig: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-traces-"));
  server = await startKubernetes({ port: 0, dataDir: folder, name: "shared", adminToken: "shared" });
  cluster = createCluster({ kubeconfig: server.kubeconfig });
  kubeconfig = join(folder, "given.yaml");
  await writeFile(kubeconfig, server.kubeconfig);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const labels = objectLabels({ project: "quotes", environment: "FAT", component: "api", release: "r1" });
const exists = async (namespace: string) =>
  (await cluster.get({ apiVersion: "v1", kind: "Namespace", name: namespace })) !== null;
const configMap = (namespace: string, name: string, deployment: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace, labels, annotations: { "refract.dev/deployment": deployment } },
  data: {},
});
const put = async (namespace: string, name: string, deployment: string) =>
  cluster.apply(configMap(namespace, name, deployment));

function traces(namespaces: string[]): Traces {
  const places = namespaces.map((namespace) => ({
    server: server.url,
    namespace,
    project: "quotes",
    environment: "FAT",
  }));
  const object = { apiVersion: "v1", kind: "ConfigMap", name: "settings" };
  return {
    deployments: new Set(["mine"]),
    places,
    objects: places.map((place) => ({ ...place, ...object })),
  };
}

test("a namespace that the demo made goes; what others made or put there stays", async () => {
  for (const name of ["made", "shared", "taken"]) await cluster.createNamespace(name, labels);
  await cluster.createNamespace("found", { team: "another" });
  await put("made", "settings", "mine");
  await put("shared", "settings", "mine");
  await put("shared", "of-somebody", "other");
  await put("taken", "settings", "other");
  await put("found", "settings", "mine");

  await removeTraces(
    kubeconfig,
    traces(["made", "shared", "taken", "found", "never-there"]),
    () => undefined,
  );

  expect(await exists("made")).toBe(false);
  expect(await Promise.all(["shared", "taken", "found"].map(exists))).toEqual([true, true, true]);
  const settings = (namespace: string) =>
    cluster.get({ apiVersion: "v1", kind: "ConfigMap", name: "settings", namespace });
  expect(await settings("shared")).toBeNull();
  expect(await settings("found")).toBeNull();
  expect(await settings("taken")).not.toBeNull();
});

test("a cluster of another address, and one that is not there, are left alone and do not stop a reset", async () => {
  await cluster.createNamespace("kept", labels);
  const elsewhere = traces(["kept"]);
  for (const of of [...elsewhere.places, ...elsewhere.objects]) of.server = "https://127.0.0.1:1";
  await removeTraces(kubeconfig, elsewhere, () => undefined);
  expect(await exists("kept")).toBe(true);

  const said: string[] = [];
  const gone = join(folder, "gone.yaml");
  await writeFile(gone, server.kubeconfig.replaceAll(server.url, "https://127.0.0.1:1"));
  await removeTraces(gone, elsewhere, (line) => said.push(line));
  expect(said.join()).toContain("not removed");
});
