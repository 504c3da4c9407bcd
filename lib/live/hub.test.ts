import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { type RunningKubernetes, startKubernetes } from "#sandbox/kubernetes/server.ts";
import { type FollowedTarget, LiveHub } from "./hub.ts";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
const namespace = "shop-fat";
const labelSelector = "app.kubernetes.io/part-of=shop";
const labels = { "app.kubernetes.io/part-of": "shop" };
const configMap = (name: string, value: string, own = true): Manifest => ({
  ...CONFIG_MAP,
  metadata: { name, namespace, ...(own ? { labels } : {}) },
  data: { value },
});

let folder: string;
const servers = new Map<string, RunningKubernetes>();
const start = async (name: string, port = 0) => {
  const dataDir = join(folder, name);
  servers.set(name, await startKubernetes({ port, dataDir, name, adminToken: "admin" }));
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-hub-"));
  for (const name of ["east", "west"]) {
    await start(name);
    await client(name).createNamespace(namespace, {});
  }
});
afterAll(async () => {
  for (const server of servers.values()) await server.close();
  await rm(folder, { recursive: true, force: true });
});
const client = (name: string): Cluster => createCluster({ kubeconfig: servers.get(name)?.kubeconfig ?? "" });

/** The real adapter, with its watches counted while they are open. */
function counted(name: string) {
  const cluster = client(name);
  const watches = { begun: 0, open: 0 };
  const watching: Cluster = {
    ...cluster,
    async watch(kind, input, options) {
      watches.begun += 1;
      watches.open += 1;
      try {
        return await cluster.watch(kind, input, options);
      } finally {
        watches.open -= 1;
      }
    },
  };
  return { watching, watches };
}
const target = (clusterId: string) => ({ clusterId, namespace, labelSelector, kinds: [CONFIG_MAP] });
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 20 });
const known = (followed: FollowedTarget) =>
  until(() => expect(followed.status()).toMatchObject({ state: "known", refused: [] }));

describe("targets that are followed", () => {
  test("one watch a kind tells what comes, changes and goes, of one's own labels alone", async () => {
    const { watching, watches } = counted("east");
    const hub = new LiveHub(async () => watching);
    const followed = hub.follow(target("east"), () => {});
    await known(followed);
    const east = client("east");
    await east.apply(configMap("a", "1"));
    await east.apply(configMap("other", "1", false));
    await until(() =>
      expect(followed.store.all(CONFIG_MAP).map(({ metadata }) => metadata.name)).toEqual(["a"]),
    );
    await east.apply(configMap("a", "2"));
    await until(() =>
      expect(followed.store.find({ ...CONFIG_MAP, name: "a" })).toMatchObject({ data: { value: "2" } }),
    );
    await east.remove({ ...CONFIG_MAP, namespace, name: "a" });
    await until(() => expect(followed.store.find({ ...CONFIG_MAP, name: "a" })).toBeNull());
    // Pods, ReplicaSets, three controllers, Jobs, events, and what was deployed besides.
    expect(watches.begun).toBe(8);
    followed.watchAlso([CONFIG_MAP]);
    followed.stop();
    await until(() => expect(watches.open).toBe(0));
    expect(watches.begun).toBe(8);
  });

  test("a cluster that falls silent is unknown at once, beside one that is not touched, and comes back", async () => {
    const { watching, watches } = counted("west");
    const hub = new LiveHub(async (id) => (id === "west" ? watching : client("east")));
    const heard = { east: 0, west: 0 };
    const west = hub.follow(target("west"), () => {
      heard.west += 1;
    });
    const east = hub.follow(target("east"), () => {
      heard.east += 1;
    });
    await Promise.all([known(west), known(east)]);
    heard.east = 0;
    const port = servers.get("west")?.port ?? 0;
    await servers.get("west")?.close();
    await until(() => expect(west.status()).toMatchObject({ state: "unknown" }));
    await until(() => expect(watches.open).toBe(0));
    expect(east.status().state).toBe("known");
    await start("west", port);
    await client("west").apply(configMap("while-away", "1"));
    await known(west);
    expect(west.store.all(CONFIG_MAP)).toHaveLength(1);
    expect(heard.east).toBe(0);
    await until(() => expect(watches.open).toBe(8));
    west.stop();
    east.stop();
  });

  test("a watch that is too old lists again; a kind that may not be seen leaves the rest known", async () => {
    const east = client("east");
    await east.apply(configMap("kept", "1"));
    let expired = 0;
    const cluster: Cluster = {
      ...east,
      async watch(kind, input, options) {
        if (kind.kind !== "ConfigMap" || expired > 0) return east.watch(kind, input, options);
        expired += 1;
        await east.apply(configMap("missed", "1"));
        return { ended: "expired" };
      },
    };
    const hub = new LiveHub(async () => cluster);
    const nonsense = { apiVersion: "nobody.example.com/v1", kind: "Nothing" };
    const followed = hub.follow({ ...target("east"), kinds: [CONFIG_MAP, nonsense] }, () => {});
    await until(() => expect(followed.store.find({ ...CONFIG_MAP, name: "missed" })).toBeTruthy());
    await until(() =>
      expect(followed.status()).toMatchObject({ state: "known", refused: [expect.any(String)] }),
    );
    expect(followed.store.find({ ...nonsense, name: "x" })).toBeUndefined();
    followed.stop();
  });

  test("another credential begins anew with the new client", async () => {
    const first = counted("east");
    const second = counted("east");
    let current = first.watching;
    const hub = new LiveHub(async () => current, 50);
    const followed = hub.follow(target("east"), () => {});
    await until(() => expect(first.watches.open).toBe(8));
    current = second.watching;
    await until(() => expect([first.watches.open, second.watches.open]).toEqual([0, 8]));
    await known(followed);
    followed.stop();
  });
});
