import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import type { Cluster, Manifest, WatchEvent } from "../ports.ts";

/** Makes the adapter under test, under another field manager where one is named. */
export type MakeCluster = (options?: { fieldManager?: string }) => Cluster | Promise<Cluster>;

const WAIT = { timeout: 45_000, interval: 250 };

async function failureOf(call: Promise<unknown>): Promise<AdapterError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AdapterError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

/**
 * What every server behind the `Cluster` port must do: the sandbox in each test run, a real API server where
 * `CONFORMANCE_KUBECONFIG` names one. Works in namespaces of its own, with a random suffix, and removes them.
 */
export function clusterConformance(makeCluster: MakeCluster): void {
  const suffix = randomBytes(4).toString("hex");
  const namespace = `refract-conformance-${suffix}`;
  let cluster: Cluster;
  let other: Cluster;

  const configMap = (
    name: string,
    data: Record<string, string>,
    labels?: Record<string, string>,
  ): Manifest => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, ...(labels ? { labels } : {}) },
    data,
  });
  const deployment = (name: string, spec: Record<string, unknown> = {}): Manifest => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "app", image: process.env.CONFORMANCE_IMAGE ?? "registry.k8s.io/pause:3.10" }],
        },
      },
      ...spec,
    },
  });
  const ref = (kind: string, name: string, apiVersion = kind === "Deployment" ? "apps/v1" : "v1") => ({
    apiVersion,
    kind,
    namespace,
    name,
  });
  const applied = async (object: Manifest, by: Cluster = cluster): Promise<Manifest> => {
    const outcome = await by.apply(object);
    if (!outcome.ok) throw new Error(outcome.message);
    return outcome.object;
  };

  beforeAll(async () => {
    cluster = await makeCluster();
    other = await makeCluster({ fieldManager: "other-tool" });
    expect(await cluster.createNamespace(namespace, { purpose: "conformance" })).toBe("created");
  });
  afterAll(async () => {
    await cluster?.remove({ apiVersion: "v1", kind: "Namespace", name: namespace });
  });

  describe("server and namespaces", () => {
    test("names its version", async () => {
      expect((await cluster.version()).gitVersion).toMatch(/^v\d+\.\d+\./);
    });

    test("a namespace that is there stays, with its labels", async () => {
      expect(await cluster.createNamespace(namespace, { purpose: "another" })).toBe("present");
      const found = await cluster.get({ apiVersion: "v1", kind: "Namespace", name: namespace });
      expect(found?.metadata.labels).toMatchObject({ purpose: "conformance" });
    });

    test("an access review says yes to an admin", async () => {
      const review = { verb: "patch", group: "apps", resource: "deployments", namespace };
      expect(await cluster.reviewAccess(review)).toBe(true);
    });
  });

  describe("apply", () => {
    test("creates, leaves an unchanged object alone, changes", async () => {
      const first = await applied(configMap("apply", { a: "1" }, { team: "x" }));
      expect(first.metadata.labels).toEqual({ team: "x" });
      const second = await applied(configMap("apply", { a: "1" }, { team: "x" }));
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      const third = await applied(configMap("apply", { a: "2" }));
      expect(third.data).toEqual({ a: "2" });
      expect(third.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
      // A field that only we own and no longer send is taken away.
      expect(third.metadata.labels).toBeUndefined();
    });

    test("a dry run answers and stores nothing", async () => {
      const outcome = await cluster.apply(configMap("dry", { a: "1" }), { dryRun: true });
      expect(outcome).toMatchObject({ ok: true, object: { kind: "ConfigMap", data: { a: "1" } } });
      expect(await cluster.get(ref("ConfigMap", "dry"))).toBeNull();
      const before = await applied(configMap("dry", { a: "1" }));
      await cluster.apply(configMap("dry", { a: "2" }), { dryRun: true });
      expect((await cluster.get(ref("ConfigMap", "dry")))?.metadata.resourceVersion).toBe(
        before.metadata.resourceVersion,
      );
    });

    test("fills defaults in", async () => {
      const outcome = await cluster.apply(deployment("defaults"), { dryRun: true });
      expect(outcome).toMatchObject({
        ok: true,
        object: { spec: { replicas: 1, strategy: { type: "RollingUpdate" }, progressDeadlineSeconds: 600 } },
      });
    });

    test("names the owner of a field in conflict and changes nothing; force takes it", async () => {
      await applied(configMap("owned", { a: "theirs", b: "1" }), other);
      const refused = await cluster.apply(configMap("owned", { a: "ours" }));
      expect(refused).toMatchObject({ ok: false, conflicts: [{ field: ".data.a", manager: "other-tool" }] });
      expect((await cluster.get(ref("ConfigMap", "owned")))?.data).toEqual({ a: "theirs", b: "1" });
      expect(await cluster.apply(configMap("owned", { a: "ours" }), { dryRun: true })).toMatchObject({
        ok: false,
      });
      const forced = await cluster.apply(configMap("owned", { a: "ours" }), { force: true });
      expect(forced).toMatchObject({ ok: true, object: { data: { a: "ours", b: "1" } } });
    });

    test("the same value is shared without a conflict, and stays when one owner drops it", async () => {
      await applied(configMap("shared", { a: "1" }), other);
      await applied(configMap("shared", { a: "1", b: "2" }));
      expect((await applied(configMap("shared", { b: "2" }))).data).toEqual({ a: "1", b: "2" });
    });

    test("another manager's list entry by key is kept", async () => {
      const ports = (port: number, name: string): Manifest => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "merged", namespace },
        spec: { selector: { app: "x" }, ports: [{ name, port, protocol: "TCP", targetPort: port }] },
      });
      await applied(ports(80, "http"), other);
      const both = await applied(ports(81, "admin"));
      expect(both).toMatchObject({
        spec: { ports: expect.arrayContaining([expect.objectContaining({ port: 80 })]) },
      });
      expect(both).toMatchObject({
        spec: { ports: expect.arrayContaining([expect.objectContaining({ port: 81 })]) },
      });
    });

    test("an unknown field is invalid", async () => {
      const error = await failureOf(cluster.apply(deployment("unknown", { replcas: 3 })));
      expect(error).toMatchObject({ failure: "invalid", retryable: false });
      expect(error.message).toContain("replcas");
    });

    test("an invalid value names its fields", async () => {
      const bad = deployment("bad", { selector: { matchLabels: { app: "other" } } });
      const error = await failureOf(cluster.apply(bad));
      expect(error).toMatchObject({ failure: "invalid", status: 422, details: { reason: "Invalid" } });
    });

    test("a missing namespace and a missing kind are told apart", async () => {
      const lost = { ...configMap("x", {}), metadata: { name: "x", namespace: `${namespace}-no` } };
      expect(await failureOf(cluster.apply(lost))).toMatchObject({
        failure: "missing",
        details: { missing: "namespace" },
      });
      const strange: Manifest = {
        apiVersion: "apps/v1",
        kind: "Deploymint",
        metadata: { name: "x", namespace },
      };
      expect(await failureOf(cluster.apply(strange))).toMatchObject({
        failure: "missing",
        details: { missing: "kind" },
      });
    });

    test("an old resourceVersion is a conflict, but not one of fields", async () => {
      const { metadata } = await applied(configMap("stale", { a: "1" }));
      await applied(configMap("stale", { a: "2" }));
      const stale = configMap("stale", { a: "3" });
      stale.metadata.resourceVersion = metadata.resourceVersion;
      expect(await failureOf(cluster.apply(stale))).toMatchObject({ failure: "conflict", status: 409 });
    });
  });

  describe("get, list, remove", () => {
    test("a missing object and one in a missing namespace are null", async () => {
      expect(await cluster.get(ref("Deployment", "nope"))).toBeNull();
      expect(await cluster.get({ ...ref("ConfigMap", "nope"), namespace: `${namespace}-no` })).toBeNull();
    });

    test("lists by label, with the kind in every item", async () => {
      for (const name of ["one", "two", "three"]) {
        await applied(configMap(`list-${name}`, {}, { list: name === "three" ? "no" : "yes" }));
      }
      const kind = { apiVersion: "v1", kind: "ConfigMap", namespace };
      const { items, resourceVersion } = await cluster.list(kind, { labelSelector: "list=yes" });
      expect(items.map((item) => item.metadata.name).sort()).toEqual(["list-one", "list-two"]);
      expect(items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
      expect(resourceVersion).toMatch(/^\d+$/);
      const byName = await cluster.list(kind, { fieldSelector: "metadata.name=list-three" });
      expect(byName.items).toHaveLength(1);
      expect((await cluster.list({ ...kind, namespace: `${namespace}-no` })).items).toEqual([]);
    });

    test("removes once", async () => {
      await applied(configMap("gone", {}));
      expect(await cluster.remove(ref("ConfigMap", "gone"))).toBe(true);
      expect(await cluster.remove(ref("ConfigMap", "gone"))).toBe(false);
    });

    test("finds a kind by discovery", async () => {
      const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace, name: "lease" };
      await applied({
        apiVersion: lease.apiVersion,
        kind: lease.kind,
        metadata: { name: "lease", namespace },
        spec: { holderIdentity: "me" },
      });
      expect(await cluster.get(lease)).toMatchObject({ kind: "Lease", spec: { holderIdentity: "me" } });
    });
  });

  describe("watch", () => {
    test("tells changes after the list, and ends when the caller gives up", async () => {
      const kind = { apiVersion: "v1", kind: "ConfigMap", namespace };
      const { resourceVersion } = await cluster.list(kind);
      const seen: string[] = [];
      const giveUp = new AbortController();
      const onEvent = (event: WatchEvent) => {
        if (event.type !== "bookmark")
          seen.push(`${event.type} ${event.object.kind} ${event.object.metadata.name}`);
        if (event.type === "deleted") giveUp.abort();
      };
      const watching = cluster.watch(
        kind,
        { resourceVersion, labelSelector: "watched=yes", onEvent },
        { signal: giveUp.signal },
      );
      await applied(configMap("unseen", {}));
      await applied(configMap("seen", { a: "1" }, { watched: "yes" }));
      await applied(configMap("seen", { a: "2" }, { watched: "yes" }));
      await cluster.remove(ref("ConfigMap", "seen"));
      expect(await watching).toEqual({ ended: "aborted" });
      expect(seen).toEqual(["added ConfigMap seen", "modified ConfigMap seen", "deleted ConfigMap seen"]);
    });

    test("an object that leaves the selector is deleted for the watcher", async () => {
      const kind = { apiVersion: "v1", kind: "ConfigMap", namespace };
      await applied(configMap("leaver", {}, { crowd: "in" }));
      const { resourceVersion } = await cluster.list(kind);
      const giveUp = new AbortController();
      const seen: string[] = [];
      const onEvent = (event: WatchEvent) => {
        seen.push(event.type);
        giveUp.abort();
      };
      const watching = cluster.watch(
        kind,
        { resourceVersion, labelSelector: "crowd=in", onEvent },
        { signal: giveUp.signal },
      );
      await applied(configMap("leaver", {}, { crowd: "out" }));
      await watching;
      expect(seen).toEqual(["deleted"]);
    });
  });

  describe("workloads", () => {
    test("a restart stays when the next apply knows nothing of it", async () => {
      const target = ref("Deployment", "restarted");
      await applied(deployment("restarted"));
      const template = {
        metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" } },
      };
      const patched = await cluster.mergePatch(target, { spec: { template } });
      expect(patched).toMatchObject({ kind: "Deployment", spec: { template } });
      expect(await applied(deployment("restarted"))).toMatchObject({ spec: { template } });
    });

    test("replicas that another manager scaled are a conflict, and stay when we let go of them", async () => {
      const target = ref("Deployment", "scaled");
      await applied(deployment("scaled", { replicas: 2 }));
      await other.scale(target, 3);
      expect(await cluster.get(target)).toMatchObject({ spec: { replicas: 3 } });
      expect(await cluster.apply(deployment("scaled", { replicas: 2 }))).toMatchObject({
        ok: false,
        conflicts: [{ field: ".spec.replicas", manager: "other-tool" }],
      });
      expect(await applied(deployment("scaled"))).toMatchObject({ spec: { replicas: 3 } });
    });

    test("our own scaling is no conflict for our next apply", async () => {
      const target = ref("Deployment", "ours");
      await applied(deployment("ours", { replicas: 1 }));
      await cluster.scale(target, 3);
      expect(await cluster.get(target)).toMatchObject({ spec: { replicas: 3 } });
      expect(await applied(deployment("ours", { replicas: 2 }))).toMatchObject({ spec: { replicas: 2 } });
    });

    test("a deployment makes a replica set and pods of its own", async () => {
      await applied(deployment("rolled", { replicas: 2 }));
      const pods = { apiVersion: "v1", kind: "Pod", namespace };
      await vi.waitFor(async () => {
        const { items } = await cluster.list(pods, { labelSelector: "app=rolled" });
        expect(items).toHaveLength(2);
        expect(items[0]?.metadata.labels?.["pod-template-hash"]).toBeTruthy();
      }, WAIT);
      const found = await cluster.get(ref("Deployment", "rolled"));
      expect(found?.metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "1" });
      const sets = await cluster.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace });
      const own = sets.items.filter((item) => item.metadata.name.startsWith("rolled-"));
      expect(own[0]).toMatchObject({
        metadata: { ownerReferences: [{ kind: "Deployment", name: "rolled" }] },
      });
    });

    test("logs of a missing pod and of a wrong container", async () => {
      const missing = { namespace, name: "nope" };
      expect(await failureOf(cluster.podLog(missing, {}))).toMatchObject({ failure: "missing" });
      expect(await failureOf(cluster.followPodLog(missing, { onText: () => {} }))).toMatchObject({
        failure: "missing",
      });
      await applied(deployment("logged"));
      const pods = { apiVersion: "v1", kind: "Pod", namespace };
      const name = await vi.waitFor(async () => {
        const { items } = await cluster.list(pods, { labelSelector: "app=logged" });
        expect(items[0]).toMatchObject({ spec: { nodeName: expect.any(String) } });
        expect(items[0]).toMatchObject({ status: { containerStatuses: [{ name: "app" }] } });
        return items[0]?.metadata.name ?? "";
      }, WAIT);
      expect(await failureOf(cluster.podLog({ namespace, name }, { container: "nope" }))).toMatchObject({
        failure: "invalid",
        status: 400,
      });
      // Whether the image can be pulled is the server's affair; a container without a log says that it waits.
      try {
        expect(typeof (await cluster.podLog({ namespace, name }, { container: "app", tailLines: 5 }))).toBe(
          "string",
        );
      } catch (error) {
        expect(error).toMatchObject({
          failure: "invalid",
          retryable: true,
          details: { reason: "ContainerWaiting" },
        });
      }
    });
  });

  describe("calls that must not wait", () => {
    test("a signal that was given already ends a call at once", async () => {
      const signal = AbortSignal.abort();
      expect(await failureOf(cluster.version({ signal }))).toMatchObject({ failure: "unreachable" });
    });
  });
}
