import { describe, expect, test } from "vitest";
import type { Manifest } from "../../ports.ts";
import { manifestsOf } from "./manifests.ts";
import { eventually, type World } from "./world.ts";

/** Fields that others own: who is named, who keeps what, and what a field falls back to. */
export function conflictCases(world: World): void {
  const { cluster, other, applied, found, namespace } = world;
  const { configMap, deployment, ref } = manifestsOf(world);
  const paused = { paused: true };

  describe("field ownership", () => {
    test("names the owner of a field in conflict and changes nothing; force takes it", async () => {
      await applied(configMap("owned", { a: "theirs", b: "1" }), other);
      const refused = await cluster.apply(configMap("owned", { a: "ours" }));
      expect(refused).toMatchObject({ ok: false, conflicts: [{ field: ".data.a", manager: "other-tool" }] });
      expect((await found(ref("ConfigMap", "owned"))).data).toEqual({ a: "theirs", b: "1" });
      const forced = await cluster.apply(configMap("owned", { a: "ours" }), { force: true });
      expect(forced).toMatchObject({ ok: true, object: { data: { a: "ours", b: "1" } } });
      // Now it is they who meet a conflict.
      expect(await other.apply(configMap("owned", { a: "theirs", b: "1" }))).toMatchObject({
        ok: false,
        conflicts: [{ field: ".data.a", manager: "refract" }],
      });
    });

    test("names every field and every owner", async () => {
      const third = world.connect({ fieldManager: 'a "quoted" tool' });
      await applied(configMap("many", { a: "1", b: "1" }), other);
      await applied(configMap("many", { c: "1" }), third);
      const outcome = await cluster.apply(configMap("many", { a: "2", b: "2", c: "2", d: "2" }));
      expect(outcome.ok).toBe(false);
      const conflicts = outcome.ok ? [] : outcome.conflicts;
      expect(conflicts.map(({ field }) => field).sort()).toEqual([".data.a", ".data.b", ".data.c"]);
      expect(conflicts.filter(({ manager }) => manager === "other-tool")).toHaveLength(2);
      expect(conflicts.find(({ field }) => field === ".data.c")?.manager).toBe('a "quoted" tool');
      expect((await found(ref("ConfigMap", "many"))).data).not.toHaveProperty("d");
    });

    test("names an item of a list by its key", async () => {
      const env = (value: string) => ({ env: [{ name: "MODE", value }] });
      await applied(deployment("items", { spec: paused }), cluster);
      const theirs = deployment("items", { spec: paused, container: env("theirs") });
      await applied(theirs, other);
      expect(
        await cluster.apply(deployment("items", { spec: paused, container: env("ours") })),
      ).toMatchObject({
        ok: false,
        conflicts: [
          {
            field: '.spec.template.spec.containers[name="app"].env[name="MODE"].value',
            manager: "other-tool",
          },
        ],
      });
    });

    test("a field that somebody edits after us is theirs", async () => {
      await applied(deployment("edited", { spec: { ...paused, minReadySeconds: 1 } }));
      await other.mergePatch(ref("Deployment", "edited"), { spec: { minReadySeconds: 5 } });
      expect(
        await cluster.apply(deployment("edited", { spec: { ...paused, minReadySeconds: 1 } })),
      ).toMatchObject({
        ok: false,
        conflicts: [{ field: ".spec.minReadySeconds", manager: "other-tool" }],
      });
      expect(await applied(deployment("edited", { spec: paused }))).toMatchObject({
        spec: { minReadySeconds: 5 },
      });
    });

    test("the same value is shared without a conflict, and stays when one owner drops it", async () => {
      await applied(configMap("shared", { a: "1" }), other);
      await applied(configMap("shared", { a: "1", b: "2" }));
      expect((await applied(configMap("shared", { b: "2" }))).data).toEqual({ a: "1", b: "2" });
      // The last owner takes it along.
      expect((await applied(configMap("shared", {}), other)).data).toEqual({ b: "2" });
    });

    test("a field that we alone own falls back to its default when we drop it", async () => {
      const spec = { ...paused, replicas: 3, minReadySeconds: 5, revisionHistoryLimit: 2 };
      await applied(deployment("dropped", { spec }));
      const left = await applied(deployment("dropped", { spec: paused }));
      expect(left).toMatchObject({ spec: { replicas: 1, revisionHistoryLimit: 10 } });
      expect(left.spec).not.toHaveProperty("minReadySeconds");
    });

    test("a list's item that we alone own goes when we drop it, another's stays", async () => {
      const ports = (...numbers: number[]): Manifest => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "merged", namespace },
        spec: {
          selector: { app: "x" },
          ports: numbers.map((port) => ({ name: `p${port}`, port, protocol: "TCP", targetPort: port })),
        },
      });
      const numbersOf = (object: Manifest) =>
        Object(object.spec)
          .ports.map(({ port }: { port: number }) => port)
          .sort();
      await applied(ports(80), other);
      expect(numbersOf(await applied(ports(81, 82)))).toEqual([80, 81, 82]);
      expect(numbersOf(await applied(ports(82)))).toEqual([80, 82]);
    });

    test("labels of others stay beside ours", async () => {
      await applied(configMap("labelled", {}, { ours: "1" }));
      await other.mergePatch(ref("ConfigMap", "labelled"), { metadata: { labels: { theirs: "1" } } });
      const again = await applied(configMap("labelled", {}, { ours: "2" }));
      expect(again.metadata.labels).toEqual({ ours: "2", theirs: "1" });
    });

    test("a list that is one value has one owner", async () => {
      const args = (...words: string[]) => ({ spec: paused, container: { command: ["sh"], args: words } });
      await applied(deployment("atomic", args("a", "b")), other);
      expect(await cluster.apply(deployment("atomic", args("a", "c")))).toMatchObject({
        ok: false,
        conflicts: [{ field: '.spec.template.spec.containers[name="app"].args', manager: "other-tool" }],
      });
    });

    test("replicas that another manager scaled are a conflict, and stay when we let go of them", async () => {
      const target = ref("Deployment", "scaled");
      await applied(deployment("scaled", { spec: { ...paused, replicas: 2 } }));
      await other.scale(target, 3);
      expect(await cluster.get(target)).toMatchObject({ spec: { replicas: 3 } });
      const outcome = await cluster.apply(deployment("scaled", { spec: { ...paused, replicas: 2 } }));
      expect(outcome).toMatchObject({
        ok: false,
        conflicts: [{ field: ".spec.replicas", manager: "other-tool" }],
        message: expect.stringContaining('with subresource "scale"'),
      });
      expect(await applied(deployment("scaled", { spec: paused }))).toMatchObject({ spec: { replicas: 3 } });
    });

    test("our own scaling is no conflict for our next apply", async () => {
      const target = ref("Deployment", "ours");
      await applied(deployment("ours", { spec: { ...paused, replicas: 1 } }));
      await cluster.scale(target, 3);
      expect(await cluster.get(target)).toMatchObject({ spec: { replicas: 3 } });
      const next = await applied(deployment("ours", { spec: { ...paused, replicas: 2 } }));
      expect(next).toMatchObject({ spec: { replicas: 2 } });
    });

    test("a restart stays when the next apply knows nothing of it, and the same again changes nothing", async () => {
      const target = ref("Deployment", "restarted");
      await applied(deployment("restarted", { spec: paused }));
      const template = {
        metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" } },
      };
      const patched = await cluster.mergePatch(target, { spec: { template } });
      expect(patched).toMatchObject({ kind: "Deployment", metadata: { generation: 2 }, spec: { template } });
      expect((await cluster.mergePatch(target, { spec: { template } })).metadata.generation).toBe(2);
      expect(await applied(deployment("restarted", { spec: paused }))).toMatchObject({ spec: { template } });
    });

    test("an autoscaler takes replicas that we own, and leaves no name on replicas that nobody owns", async () => {
      const scaler = (name: string): Manifest => ({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name, namespace },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          minReplicas: 2,
          maxReplicas: 3,
        },
      });
      const kept = { spec: { ...paused, replicas: 1 } };
      await applied(deployment("auto-owned", kept));
      await applied(deployment("auto-free", { spec: paused }));
      for (const name of ["auto-owned", "auto-free"]) await applied(scaler(name));
      await eventually(async () => {
        for (const name of ["auto-owned", "auto-free"]) {
          expect(await cluster.get(ref("Deployment", name))).toMatchObject({ spec: { replicas: 2 } });
        }
      });
      expect(await cluster.apply(deployment("auto-owned", kept))).toMatchObject({
        ok: false,
        conflicts: [{ field: ".spec.replicas", manager: "kube-controller-manager" }],
      });
      // Wins without a word.
      const free = { spec: { ...paused, replicas: 3 } };
      expect(await applied(deployment("auto-free", free))).toMatchObject({ spec: { replicas: 3 } });
      for (const name of ["auto-owned", "auto-free"]) {
        await cluster.remove(ref("HorizontalPodAutoscaler", name));
      }
    });
  });
}
