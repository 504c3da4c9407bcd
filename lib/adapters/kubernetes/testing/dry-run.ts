import { describe, expect, test } from "vitest";
import { manifestsOf } from "./manifests.ts";
import { eventually, failureOf, type World } from "./world.ts";

/** What a dry run says, and that it leaves nothing. */
export function dryRunCases(world: World): void {
  const { cluster, other, applied, found, ask } = world;
  const { configMap, deployment, pod, quota, service, ref } = manifestsOf(world);
  const dryRun = { dryRun: true };

  describe("dry run", () => {
    test("of a new object: an id that will never be, no version, nothing stored", async () => {
      const outcome = await cluster.apply(configMap("dry", { a: "1" }), dryRun);
      expect(outcome).toMatchObject({
        ok: true,
        object: { kind: "ConfigMap", data: { a: "1" }, metadata: { uid: expect.any(String) } },
      });
      expect(outcome.ok && outcome.object.metadata.resourceVersion).toBeFalsy();
      expect(await cluster.get(ref("ConfigMap", "dry"))).toBeNull();
    });

    test("of a change: the next generation at the old version, nothing stored", async () => {
      const before = await applied(deployment("dry", { spec: { replicas: 0, paused: true } }));
      const settled = await eventually(async () => {
        const live = await found(ref("Deployment", "dry"));
        expect(live).toMatchObject({ status: { observedGeneration: 1 } });
        return live;
      });
      const outcome = await cluster.apply(deployment("dry", { spec: { replicas: 1, paused: true } }), dryRun);
      expect(outcome).toMatchObject({
        ok: true,
        object: {
          metadata: {
            uid: before.metadata.uid,
            generation: 2,
            resourceVersion: settled.metadata.resourceVersion,
          },
          spec: { replicas: 1 },
        },
      });
      expect(await found(ref("Deployment", "dry"))).toMatchObject({
        metadata: { generation: 1, resourceVersion: settled.metadata.resourceVersion },
        spec: { replicas: 0 },
      });
    });

    test("of no change equals what is there", async () => {
      const object = configMap("same", { a: "1" }, { team: "x" });
      const live = await applied(object);
      expect(await cluster.apply(object, dryRun)).toMatchObject({ ok: true, object: live });
    });

    test("says the defaults", async () => {
      const outcome = await cluster.apply(deployment("defaulted"), dryRun);
      expect(outcome).toMatchObject({
        ok: true,
        object: { spec: { replicas: 1, strategy: { type: "RollingUpdate" }, progressDeadlineSeconds: 600 } },
      });
    });

    test("says what admission adds", async () => {
      const outcome = await cluster.apply(pod("admitted"), dryRun);
      expect(outcome).toMatchObject({
        ok: true,
        object: {
          spec: {
            serviceAccountName: "default",
            tolerations: expect.arrayContaining([
              expect.objectContaining({ key: "node.kubernetes.io/not-ready", tolerationSeconds: 300 }),
            ]),
          },
        },
      });
    });

    test("equals what the same apply then stores, but for what only storing gives", async () => {
      const object = deployment("foretold", { spec: { paused: true }, behaviour: "serve" });
      const foretold = await cluster.apply(object, dryRun);
      const stored = await applied(object);
      expect(foretold.ok && foretold.object.spec).toEqual(stored.spec);
      expect(foretold.ok && foretold.object.metadata.labels).toEqual(stored.metadata.labels);
      const ports = service("foretold", [{ port: 80 }]);
      const first = await cluster.apply(ports, dryRun);
      const { clusterIP: _one, clusterIPs: _more, ...told } = Object(first.ok && first.object.spec);
      const { clusterIP: _other, clusterIPs: _others, ...kept } = Object((await applied(ports)).spec);
      expect(told).toEqual(kept);
    });

    test("is refused as the real one would be", async () => {
      await applied(configMap("dry-owned", { a: "theirs" }), other);
      expect(await cluster.apply(configMap("dry-owned", { a: "ours" }), dryRun)).toMatchObject({
        ok: false,
        conflicts: [{ field: ".data.a", manager: "other-tool" }],
      });
      const bad = deployment("dry-bad", { spec: { replicas: -1 } });
      expect(await failureOf(cluster.apply(bad, dryRun))).toMatchObject({ failure: "invalid", status: 422 });
    });

    test("with force says what taking over would make, and takes nothing", async () => {
      await applied(configMap("dry-force", { a: "theirs" }), other);
      const outcome = await cluster.apply(configMap("dry-force", { a: "ours" }), {
        dryRun: true,
        force: true,
      });
      expect(outcome).toMatchObject({ ok: true, object: { data: { a: "ours" } } });
      expect((await found(ref("ConfigMap", "dry-force"))).data).toEqual({ a: "theirs" });
    });

    test("meets the quota", async () => {
      const namespace = await world.makeNamespace("dry-quota");
      await applied(quota("none", { "count/configmaps": "0" }, namespace));
      // Until its controller has looked at it, a quota is not known.
      await eventually(async () => {
        expect(await found(ref("ResourceQuota", "none", namespace))).toMatchObject({
          status: { hard: { "count/configmaps": "0" } },
        });
      });
      const error = await failureOf(cluster.apply(configMap("over", {}, undefined, namespace), dryRun));
      expect(error).toMatchObject({ failure: "forbidden", status: 403 });
      expect(error.message).toContain("exceeded quota: none");
    });

    test("of a deletion removes nothing", async () => {
      await applied(configMap("spared", {}));
      const path = `/api/v1/namespaces/${world.namespace}/configmaps/spared`;
      expect(await ask({ method: "DELETE", path, query: { dryRun: "All" } })).toMatchObject({ status: 200 });
      expect((await found(ref("ConfigMap", "spared"))).metadata.deletionTimestamp).toBeUndefined();
    });
  });
}
