import { describe, expect, test } from "vitest";
import { manifestsOf } from "./manifests.ts";
import { failureOf, type Losing, type World } from "./world.ts";

/** The server itself, and calls whose answers are lost or not waited for. */
export function connectionCases(world: World): void {
  const { cluster, applied, found, connect, namespace } = world;
  const { configMap, ref } = manifestsOf(world);

  describe("server and namespaces", () => {
    test("names its version", async () => {
      expect((await cluster.version()).gitVersion).toMatch(/^v\d+\.\d+\./);
    });

    test("a namespace that is there stays, with its labels", async () => {
      expect(await cluster.createNamespace(namespace, { purpose: "another" })).toBe("present");
      const { metadata } = await found({ apiVersion: "v1", kind: "Namespace", name: namespace });
      expect(metadata.labels).toMatchObject({
        purpose: "conformance",
        "kubernetes.io/metadata.name": namespace,
      });
    });

    test("a namespace whose name is none", async () => {
      expect(await failureOf(cluster.createNamespace("No_Name", {}))).toMatchObject({
        failure: "invalid",
        status: 422,
      });
    });
  });

  describe("calls whose answer is lost", () => {
    async function losing(work: (through: ReturnType<typeof connect>, proxy: Losing) => Promise<void>) {
      const proxy = await world.startLosing(world.kubeconfig);
      try {
        await work(connect({ kubeconfig: proxy.kubeconfig }), proxy);
      } finally {
        await proxy.close();
      }
    }

    test("an apply: told as unknown, stored once, and the same again changes nothing", () =>
      losing(async (through, proxy) => {
        const object = configMap("lost", { a: "1" });
        proxy.loseNextAnswer();
        expect(await failureOf(through.apply(object))).toMatchObject({
          failure: "unreachable",
          retryable: true,
        });
        const stored = await found(ref("ConfigMap", "lost"));
        expect((await applied(object, through)).metadata.resourceVersion).toBe(
          stored.metadata.resourceVersion,
        );
      }));

    test("a dry run: asked again by itself", () =>
      losing(async (through, proxy) => {
        proxy.loseNextAnswer();
        const outcome = await through.apply(configMap("lost-dry", { a: "1" }), { dryRun: true });
        expect(outcome).toMatchObject({ ok: true });
        expect(await cluster.get(ref("ConfigMap", "lost-dry"))).toBeNull();
      }));

    test("a deletion: done, whether it was the first try or the second", () =>
      losing(async (through, proxy) => {
        await applied(configMap("lost-delete", {}));
        proxy.loseNextAnswer();
        expect(await through.remove(ref("ConfigMap", "lost-delete"))).toBe(true);
        expect(await cluster.get(ref("ConfigMap", "lost-delete"))).toBeNull();
      }));

    test("a namespace: there once", () =>
      losing(async (through, proxy) => {
        const name = world.nameNamespace("lost");
        proxy.loseNextAnswer();
        expect(await through.createNamespace(name, {})).toBe("present");
        expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name })).not.toBeNull();
      }));
  });

  describe("calls that must not wait", () => {
    test("a signal that was given already ends a call at once", async () => {
      const signal = AbortSignal.abort();
      for (const call of [
        cluster.version({ signal }),
        cluster.apply(configMap("never", {}), { signal }),
        cluster.remove(ref("ConfigMap", "never"), { signal }),
      ]) {
        expect(await failureOf(call)).toMatchObject({ failure: "unreachable" });
      }
      expect(await cluster.get(ref("ConfigMap", "never"))).toBeNull();
    });
  });
}
