import { describe, expect, test } from "vitest";
import type { Manifest } from "../../ports.ts";
import { manifestsOf } from "./manifests.ts";
import type { World } from "./world.ts";

/** Server-side apply that is accepted: what is stored, and what the answer says. */
export function applyCases(world: World): void {
  const { cluster, applied, found } = world;
  const { configMap, deployment, service, ref } = manifestsOf(world);

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

    test("an unchanged workload keeps its generation, a changed one gets the next, before any controller looked", async () => {
      const object = deployment("generation", { spec: { replicas: 0 } });
      expect((await applied(object)).metadata.generation).toBe(1);
      expect((await applied(object)).metadata.generation).toBe(1);
      const changed = await applied(
        deployment("generation", { spec: { replicas: 0 }, image: "example.test/next:1" }),
      );
      expect(changed.metadata.generation).toBe(2);
      expect(changed).not.toMatchObject({ status: { observedGeneration: 2 } });
    });

    test("writes down who owns what", async () => {
      const { metadata } = await applied(configMap("owners", { a: "1" }));
      expect(metadata.managedFields).toMatchObject([
        { manager: "refract", operation: "Apply", apiVersion: "v1", fieldsV1: { "f:data": { "f:a": {} } } },
      ]);
    });

    test("fills defaults in, in every part", async () => {
      const object = await applied(deployment("defaults", { spec: { replicas: 0 } }));
      expect(object).toMatchObject({
        spec: {
          revisionHistoryLimit: 10,
          progressDeadlineSeconds: 600,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
          template: {
            spec: {
              restartPolicy: "Always",
              dnsPolicy: "ClusterFirst",
              containers: [
                { imagePullPolicy: expect.any(String), terminationMessagePath: "/dev/termination-log" },
              ],
            },
          },
        },
      });
    });

    test("a quantity in other words is the same", async () => {
      const resources = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
      const spec = { replicas: 0 };
      const first = await applied(deployment("quantity", { spec, container: resources("1000m", "1024Mi") }));
      expect(first).toMatchObject({
        spec: { template: { spec: { containers: [resources("1", "1Gi")] } } },
      });
      const again = await applied(deployment("quantity", { spec, container: resources("1000m", "1024Mi") }));
      expect(again).toMatchObject({ metadata: { generation: 1 }, spec: first.spec });
    });

    test("a service keeps the address it was given", async () => {
      const port = { name: "http", port: 80, targetPort: 8080 };
      const first = await applied(service("address", [port]));
      const again = await applied(service("address", [{ ...port, targetPort: 8081 }]));
      const address = expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$|:/);
      expect(first).toMatchObject({ spec: { clusterIP: address, type: "ClusterIP" } });
      expect(again).toMatchObject({
        spec: {
          clusterIP: Object(first.spec).clusterIP,
          ports: [{ ...port, targetPort: 8081, protocol: "TCP" }],
        },
      });
    });

    test("values in any script, and over several lines, come back as they were", async () => {
      const text = {
        "chinese.txt": "发布单 2026-01\n第二行\t结束  \n",
        "emoji.txt": "🚀 👩‍💻",
        // Breaks and controls that JSON may carry as they are, and YAML reads in its own way.
        "breaks.txt": "a\u2028b\u2029c\u0085d\r\ne",
        "controls.txt": "\u0000 \u0007 \u001b[31m \u007f \u0090 \ufeff \ufffd \uffff",
        "quotes.yaml": `a: "x'y"\nb: |\n  {{ c }} # none\n`,
        "empty.txt": "",
      };
      expect((await applied(configMap("unicode", text))).data).toEqual(text);
      expect((await found(ref("ConfigMap", "unicode"))).data).toEqual(text);
      const annotated: Manifest = configMap("annotated", {});
      annotated.metadata.annotations = { "example.test/note": "由 张三 发布" };
      expect((await applied(annotated)).metadata.annotations).toEqual(annotated.metadata.annotations);
    });

    test("a name as long as names may be", async () => {
      const name = `a${"b".repeat(251)}c`;
      expect((await applied(configMap(name, {}))).metadata.name).toBe(name);
      expect(await cluster.get(ref("ConfigMap", name))).not.toBeNull();
      expect(await cluster.remove(ref("ConfigMap", name))).toBe(true);
    });

    test("a secret's text is stored as its bytes", async () => {
      const secret: Manifest = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "text", namespace: world.namespace },
        stringData: { password: "密码" },
      };
      await applied(secret);
      const { data, type } = await found(ref("Secret", "text"));
      expect({ data, type }).toEqual({ data: { password: "5a+G56CB" }, type: "Opaque" });
    });

    test("a kind beside the common ones is found by discovery", async () => {
      const lease = {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        namespace: world.namespace,
        name: "lease",
      };
      await applied({
        apiVersion: lease.apiVersion,
        kind: lease.kind,
        metadata: { name: "lease", namespace: world.namespace },
        spec: { holderIdentity: "me" },
      });
      expect(await cluster.get(lease)).toMatchObject({ kind: "Lease", spec: { holderIdentity: "me" } });
    });

    test("into an object that is being deleted is accepted, and does not keep it", async () => {
      const held = configMap("leaving", { a: "1" });
      held.metadata.finalizers = ["refract.example/hold"];
      await applied(held);
      await cluster.remove(ref("ConfigMap", "leaving"));
      const again = await applied({ ...held, data: { a: "2" } });
      expect(again).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) }, data: { a: "2" } });
      await applied(configMap("leaving", { a: "2" }));
      expect(await cluster.get(ref("ConfigMap", "leaving"))).toBeNull();
    });
  });
}
