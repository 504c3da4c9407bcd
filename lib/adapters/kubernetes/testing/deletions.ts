import { describe, expect, test } from "vitest";
import { manifestsOf } from "./manifests.ts";
import { eventually, failureOf, type World } from "./world.ts";

/** Deletions: what goes with an object, what holds it, and whose it must be. */
export function deletionCases(world: World): void {
  const { cluster, applied, found } = world;
  const { configMap, deployment, ref, kind } = manifestsOf(world);
  const dependents = async (what: string, app: string) =>
    (await cluster.list(kind(what), { labelSelector: `app=${app}` })).items;
  const running = async (name: string) => {
    const object = await applied(deployment(name));
    await eventually(async () => expect(await dependents("Pod", name)).toHaveLength(1));
    return object;
  };

  describe.concurrent("delete", () => {
    test("removes once", async () => {
      await applied(configMap("removed", {}));
      expect(await cluster.remove(ref("ConfigMap", "removed"))).toBe(true);
      expect(await cluster.remove(ref("ConfigMap", "removed"))).toBe(false);
      expect(await cluster.remove(ref("ConfigMap", "removed", `${world.namespace}-no`))).toBe(false);
    });

    test("only the object of the id that was named", async () => {
      const { metadata } = await applied(configMap("mine", {}));
      await cluster.remove(ref("ConfigMap", "mine"));
      const second = await applied(configMap("mine", {}));
      const call = cluster.remove(ref("ConfigMap", "mine"), { uid: String(metadata.uid) });
      expect(await failureOf(call)).toMatchObject({ failure: "conflict", status: 409, retryable: false });
      expect(await cluster.get(ref("ConfigMap", "mine"))).not.toBeNull();
      expect(await cluster.remove(ref("ConfigMap", "mine"), { uid: String(second.metadata.uid) })).toBe(true);
    });

    test("in the background: the object goes at once, what belongs to it after", async () => {
      await running("background");
      expect(await cluster.remove(ref("Deployment", "background"))).toBe(true);
      expect(await cluster.get(ref("Deployment", "background"))).toBeNull();
      await eventually(async () => {
        expect(await dependents("ReplicaSet", "background")).toEqual([]);
        expect(await dependents("Pod", "background")).toEqual([]);
      });
    });

    test("in the foreground: the object stays until what belongs to it has gone", async () => {
      const { metadata } = await running("foreground");
      // Holds a pod, and so all that it belongs to.
      const [pod] = await dependents("Pod", "foreground");
      const held = ref("Pod", pod?.metadata.name ?? "");
      await cluster.mergePatch(held, { metadata: { finalizers: ["refract.example/hold"] } });
      const target = ref("Deployment", "foreground");
      expect(await cluster.remove(target, { propagation: "foreground", uid: String(metadata.uid) })).toBe(
        true,
      );
      expect(await found(target)).toMatchObject({
        metadata: { deletionTimestamp: expect.any(String), finalizers: ["foregroundDeletion"] },
      });
      await eventually(async () => {
        expect((await found(held)).metadata.deletionTimestamp).toBeTruthy();
      });
      expect(await cluster.get(target)).not.toBeNull();
      await cluster.mergePatch(held, { metadata: { finalizers: null } });
      await eventually(async () => expect(await cluster.get(target)).toBeNull());
      expect(await dependents("ReplicaSet", "foreground")).toEqual([]);
    });

    test("orphaned: what belonged to it stays, without an owner", async () => {
      await running("orphaned");
      await cluster.remove(ref("Deployment", "orphaned"), { propagation: "orphan" });
      await eventually(async () => expect(await cluster.get(ref("Deployment", "orphaned"))).toBeNull());
      const sets = await dependents("ReplicaSet", "orphaned");
      expect(sets).toHaveLength(1);
      expect(sets[0]?.metadata.ownerReferences).toBeUndefined();
      await cluster.remove(ref("ReplicaSet", sets[0]?.metadata.name ?? ""));
    });

    test("a finalizer holds it until it is taken off", async () => {
      const held = configMap("held-back", {});
      held.metadata.finalizers = ["refract.example/hold"];
      await applied(held);
      expect(await cluster.remove(ref("ConfigMap", "held-back"))).toBe(true);
      expect(await cluster.remove(ref("ConfigMap", "held-back"))).toBe(true);
      expect((await found(ref("ConfigMap", "held-back"))).metadata.deletionTimestamp).toBeTruthy();
      await cluster.mergePatch(ref("ConfigMap", "held-back"), { metadata: { finalizers: null } });
      expect(await cluster.get(ref("ConfigMap", "held-back"))).toBeNull();
    });

    test("a collection by its label", async () => {
      for (const name of ["swept-1", "swept-2", "kept"]) {
        await applied(configMap(name, {}, { sweep: name === "kept" ? "no" : "yes" }));
      }
      const path = `/api/v1/namespaces/${world.namespace}/configmaps`;
      const request = { method: "DELETE", path } as const;
      const dry = await world.ask({ ...request, query: { labelSelector: "sweep=yes", dryRun: "All" } });
      expect(dry).toMatchObject({ status: 200, body: { kind: "ConfigMapList", items: [{}, {}] } });
      expect(await cluster.get(ref("ConfigMap", "swept-1"))).not.toBeNull();
      await world.ask({ ...request, query: { labelSelector: "sweep=yes" } });
      const { items } = await cluster.list(kind("ConfigMap"), { labelSelector: "sweep" });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(["kept"]);
    });

    test("a namespace with all that is in it", async () => {
      const name = await world.makeNamespace("removed");
      await applied(configMap("inside", {}, undefined, name));
      const namespace = { apiVersion: "v1", kind: "Namespace", name };
      expect(await cluster.remove(namespace)).toBe(true);
      await eventually(async () => expect(await cluster.get(namespace)).toBeNull());
      expect(await cluster.get(ref("ConfigMap", "inside", name))).toBeNull();
    });
  });
}
