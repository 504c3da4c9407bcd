import { describe, expect, test } from "vitest";
import { manifestsOf } from "./manifests.ts";
import { eventually, type World } from "./world.ts";

/** Workloads beside Deployments. */
export function workloadCases(world: World): void {
  const { cluster, applied, found } = world;
  const { statefulSet, daemonSet, job, ref, kind } = manifestsOf(world);
  const pods = async (app: string) =>
    (await cluster.list(kind("Pod"), { labelSelector: `app=${app}` })).items;

  describe.concurrent("other workloads", () => {
    test("a StatefulSet makes its pods in order, and replaces them under their names", async () => {
      const set = (value: string) =>
        statefulSet("ordered", { spec: { replicas: 2 }, container: { env: [{ name: "V", value }] } });
      await applied(set("1"));
      const rolledOut = (generation: number) =>
        eventually(async () => {
          const live = await found(ref("StatefulSet", "ordered"));
          expect(live).toMatchObject({
            metadata: { generation },
            status: { observedGeneration: generation, replicas: 2, readyReplicas: 2, updatedReplicas: 2 },
          });
          const { currentRevision, updateRevision } = Object(live.status);
          expect(currentRevision).toBe(updateRevision);
        });
      await rolledOut(1);
      const first = await pods("ordered");
      expect(first.map(({ metadata }) => metadata.name)).toEqual(["ordered-0", "ordered-1"]);
      await applied(set("2"));
      await rolledOut(2);
      const second = await pods("ordered");
      expect(second.map(({ metadata }) => metadata.name)).toEqual(["ordered-0", "ordered-1"]);
      expect(second[0]?.metadata.uid).not.toBe(first[0]?.metadata.uid);
    });

    test("a StatefulSet stands still at the first pod that does not get ready", async () => {
      await applied(statefulSet("stuck", { behaviour: "notready", spec: { replicas: 2 } }));
      await eventually(async () => {
        expect(await pods("stuck")).toMatchObject([
          { metadata: { name: "stuck-0" }, status: { phase: "Running" } },
        ]);
      });
      expect((await found(ref("StatefulSet", "stuck"))).status).toMatchObject({
        observedGeneration: 1,
        replicas: 1,
      });
    });

    test("a DaemonSet runs on every node that takes it", async () => {
      await applied(daemonSet("everywhere"));
      await eventually(async () => {
        const { status } = await found(ref("DaemonSet", "everywhere"));
        const { desiredNumberScheduled: desired } = Object(status);
        expect(desired).toBeGreaterThan(0);
        expect(status).toMatchObject({
          observedGeneration: 1,
          currentNumberScheduled: desired,
          updatedNumberScheduled: desired,
          numberReady: desired,
          numberAvailable: desired,
        });
        const nodes = (await pods("everywhere")).map(({ spec }) => Object(spec).nodeName);
        expect(new Set(nodes).size).toBe(desired);
      });
    });

    test("a Job that ends well", async () => {
      await applied(job("well", { behaviour: "succeed" }));
      await eventually(async () => {
        expect(await found(ref("Job", "well"))).toMatchObject({
          status: {
            succeeded: 1,
            completionTime: expect.any(String),
            conditions: expect.arrayContaining([
              expect.objectContaining({ type: "Complete", status: "True", reason: "CompletionsReached" }),
            ]),
          },
        });
      });
      const { items } = await cluster.list(kind("Pod"), { labelSelector: "job-name=well" });
      expect(items).toMatchObject([{ status: { phase: "Succeeded" } }]);
      expect(await cluster.remove(ref("Job", "well"))).toBe(true);
      await eventually(async () => expect(await pods("well")).toEqual([]));
    });

    test("a Job that fails more often than it may", async () => {
      await applied(job("badly", { behaviour: "fail", spec: { backoffLimit: 0 } }));
      await eventually(async () => {
        expect(await found(ref("Job", "badly"))).toMatchObject({
          status: {
            failed: 1,
            conditions: expect.arrayContaining([
              expect.objectContaining({ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }),
            ]),
          },
        });
      });
      const [pod] = await pods("badly");
      expect(pod).toMatchObject({
        status: { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 1 } } }] },
      });
    });

    test("a Job that takes longer than it may", async () => {
      await applied(job("slowly", { spec: { activeDeadlineSeconds: 1 } }));
      await eventually(async () => {
        expect(await found(ref("Job", "slowly"))).toMatchObject({
          status: {
            conditions: expect.arrayContaining([
              expect.objectContaining({ type: "Failed", status: "True", reason: "DeadlineExceeded" }),
            ]),
          },
        });
      });
    });
  });
}
