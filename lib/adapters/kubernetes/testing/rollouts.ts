import { describe, expect, test } from "vitest";
import type { Manifest, WatchEvent } from "../../ports.ts";
import { manifestsOf } from "./manifests.ts";
import { eventually, type World } from "./world.ts";

const condition = (type: string, status: string, reason?: string) =>
  expect.objectContaining({ type, status, ...(reason ? { reason } : {}) });
/** Some of a status' conditions, in any order. */
const conditions = (...wanted: unknown[]) => ({ status: { conditions: expect.arrayContaining(wanted) } });
const revisionOf = ({ metadata }: Manifest) => metadata.annotations?.["deployment.kubernetes.io/revision"];
const DONE = condition("Progressing", "True", "NewReplicaSetAvailable");
const LATE = condition("Progressing", "False", "ProgressDeadlineExceeded");

/** Rollouts of Deployments: how success, standstill and every kind of failure look to a watcher. */
export function rolloutCases(world: World): void {
  const { cluster, applied, found } = world;
  const { configMap, deployment, quota, ref, kind } = manifestsOf(world);
  const missingImage = `${world.image.replace(/:[^/]*$/, "")}:refract-conformance-bad`;

  const deploymentNow = (name: string, namespace?: string) => found(ref("Deployment", name, namespace));
  const listed = async (what: string, app: string, namespace?: string) =>
    (await cluster.list(kind(what, namespace), { labelSelector: `app=${app}` })).items;
  const succeeds = (name: string) =>
    eventually(async () => {
      const live = await deploymentNow(name);
      expect(live).toMatchObject(conditions(DONE, condition("Available", "True")));
      const { generation } = live.metadata;
      const { replicas } = Object(live.spec);
      expect(live.status).toMatchObject({
        observedGeneration: generation,
        replicas,
        updatedReplicas: replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
      });
      return live;
    });
  /** The first container of the only pod, as its status puts it. */
  const container = async (app: string): Promise<Record<string, unknown>> => {
    const [pod] = await listed("Pod", app);
    const [status] = Object(pod?.status).containerStatuses ?? [];
    return Object(status);
  };
  const eventsOf = async (of: string, namespace?: string): Promise<string[]> => {
    const { items } = await cluster.list(kind("Event", namespace));
    return items
      .filter((event) => String(Object(event.involvedObject).name).startsWith(of))
      .map(({ reason, message }) => `${reason}: ${message}`);
  };

  describe.concurrent("rollout of a Deployment", () => {
    test("succeeds: a replica set and pods of its own", async () => {
      await applied(deployment("rolled", { behaviour: "serve", spec: { replicas: 2 } }));
      const live = await succeeds("rolled");
      expect(revisionOf(live)).toBe("1");
      const [set] = await listed("ReplicaSet", "rolled");
      const hash = set?.metadata.labels?.["pod-template-hash"];
      expect(set?.metadata).toMatchObject({
        name: `rolled-${hash}`,
        ownerReferences: [{ kind: "Deployment", name: "rolled", uid: live.metadata.uid, controller: true }],
      });
      const pods = await listed("Pod", "rolled");
      expect(pods).toHaveLength(2);
      for (const pod of pods) {
        expect(pod.metadata.labels?.["pod-template-hash"]).toBe(hash);
        expect(pod.metadata.ownerReferences).toMatchObject([{ kind: "ReplicaSet", uid: set?.metadata.uid }]);
        expect(pod).toMatchObject({
          status: { phase: "Running", conditions: expect.arrayContaining([condition("Ready", "True")]) },
        });
      }
      expect(await eventsOf("rolled")).toEqual(
        expect.arrayContaining([expect.stringMatching(/^ScalingReplicaSet: Scaled up replica set/)]),
      );
    });

    test("a watch tells it from its beginning to its end, and never an observation before its generation", async () => {
      const { resourceVersion } = await cluster.list(kind("Deployment"));
      const giveUp = new AbortController();
      const seen: { generation: number; observed: number; ready: number; done: boolean }[] = [];
      const onEvent = (event: WatchEvent) => {
        if (event.type === "bookmark") return;
        const { metadata, status } = event.object;
        const {
          observedGeneration: observed = 0,
          readyReplicas: ready = 0,
          conditions = [],
        } = Object(status);
        const done = conditions.some(({ reason }: { reason: string }) => reason === "NewReplicaSetAvailable");
        seen.push({ generation: Number(metadata.generation), observed, ready, done });
        if (done) giveUp.abort();
      };
      const input = { resourceVersion, labelSelector: "app=followed", onEvent };
      const signal = AbortSignal.any([giveUp.signal, AbortSignal.timeout(120_000)]);
      const watching = cluster.watch(kind("Deployment"), input, { signal });
      await applied(deployment("followed", { spec: { replicas: 2 } }));
      await watching;
      expect(seen[0]).toEqual({ generation: 1, observed: 0, ready: 0, done: false });
      expect(seen.at(-1)).toEqual({ generation: 1, observed: 1, ready: 2, done: true });
      expect(seen.every(({ generation, observed }) => observed <= generation)).toBe(true);
    });

    test("a change makes a new replica set and empties the old one; going back takes the old one again", async () => {
      const version = (env: string) =>
        deployment("changed", { spec: { replicas: 1 }, container: { env: [{ name: "V", value: env }] } });
      await applied(version("1"));
      await succeeds("changed");
      const [first] = await listed("ReplicaSet", "changed");
      await applied(version("2"));
      expect(revisionOf(await succeeds("changed"))).toBe("2");
      const both = await listed("ReplicaSet", "changed");
      expect(both).toHaveLength(2);
      expect(both.find(({ metadata }) => metadata.uid === first?.metadata.uid)).toMatchObject({
        spec: { replicas: 0 },
      });
      await applied(version("1"));
      expect(revisionOf(await succeeds("changed"))).toBe("3");
      const again = await listed("ReplicaSet", "changed");
      expect(again).toHaveLength(2);
      const taken = again.find(({ metadata }) => metadata.uid === first?.metadata.uid);
      expect(taken).toMatchObject({ spec: { replicas: 1 } });
      expect(taken && revisionOf(taken)).toBe("3");
    });

    test("Recreate: the old pods are gone before the new ones come", async () => {
      const version = (env: string) =>
        deployment("recreated", {
          spec: { replicas: 1, strategy: { type: "Recreate" } },
          container: { env: [{ name: "V", value: env }] },
        });
      await applied(version("1"));
      await succeeds("recreated");
      const before = await listed("Pod", "recreated");
      await applied(version("2"));
      await succeeds("recreated");
      const after = await listed("Pod", "recreated");
      expect(after).toHaveLength(1);
      expect(after[0]?.metadata.uid).not.toBe(before[0]?.metadata.uid);
    });

    test("an image that is not there: the old pods stay available, then the deadline passes", async () => {
      const spec = { replicas: 1, progressDeadlineSeconds: 5 };
      await applied(deployment("pulled", { spec }));
      await succeeds("pulled");
      await applied(deployment("pulled", { spec, image: missingImage }));
      await eventually(async () => {
        const pods = await listed("Pod", "pulled");
        const reasons = pods.map(
          ({ status }) => Object(status).containerStatuses?.[0]?.state?.waiting?.reason,
        );
        expect(reasons).toEqual(
          expect.arrayContaining([expect.stringMatching(/^(ErrImagePull|ImagePullBackOff)$/)]),
        );
      });
      await eventually(async () => {
        const live = await deploymentNow("pulled");
        expect(live).toMatchObject(conditions(LATE, condition("Available", "True")));
        expect(live).toMatchObject({
          status: { observedGeneration: 2, updatedReplicas: 1, unavailableReplicas: 1 },
        });
      });
      expect((await eventsOf("pulled-")).join("\n")).toMatch(/Failed: .*(pull|Pull)/);
      // Going back: the answer still tells of the standstill that it ends.
      const back = await applied(deployment("pulled", { spec }));
      expect(back).toMatchObject(conditions(LATE));
      expect(back).toMatchObject({ metadata: { generation: 3 }, status: { observedGeneration: 2 } });
      expect(revisionOf(await succeeds("pulled"))).toBe("3");
    });

    test("a program that ends at once: restarts, its exit code, the log of the run before", async () => {
      await applied(deployment("crashed", { behaviour: "crash" }));
      await eventually(async () => {
        expect(await container("crashed")).toMatchObject({
          restartCount: expect.toSatisfy((count) => Number(count) >= 1),
          lastState: { terminated: { exitCode: 1, reason: "Error" } },
          ready: false,
        });
      });
      const [pod] = await listed("Pod", "crashed");
      const previous = { namespace: world.namespace, name: pod?.metadata.name ?? "" };
      await eventually(async () => {
        expect(await cluster.podLog(previous, { previous: true, container: "app" })).not.toBe("");
      });
      await eventually(async () => {
        expect(await container("crashed")).toMatchObject({
          state: { waiting: { reason: "CrashLoopBackOff" } },
        });
      });
      expect(await deploymentNow("crashed")).toMatchObject(conditions(condition("Available", "False")));
    });

    test("a program that takes too much memory", async () => {
      await applied(deployment("greedy", { behaviour: "oom" }));
      await eventually(async () => {
        const { state, lastState } = await container("greedy");
        const ended = Object(lastState).terminated ?? Object(state).terminated;
        expect(ended).toMatchObject({ reason: "OOMKilled", exitCode: 137 });
      });
    });

    test("a probe that fails: running, not ready, until the deadline", async () => {
      await applied(deployment("unready", { behaviour: "notready", spec: { progressDeadlineSeconds: 5 } }));
      await eventually(async () => {
        expect(await deploymentNow("unready")).toMatchObject(
          conditions(LATE, condition("Available", "False")),
        );
      });
      expect(await container("unready")).toMatchObject({ ready: false, state: { running: {} } });
      expect((await eventsOf("unready-")).join("\n")).toContain("Unhealthy: Readiness probe failed");
    });

    test("paused: nothing is made until it is resumed", async () => {
      const spec = { replicas: 1 };
      await applied(deployment("paused", { spec: { ...spec, paused: true } }));
      await eventually(async () => {
        const live = await deploymentNow("paused");
        expect(live).toMatchObject(conditions(condition("Progressing", "Unknown", "DeploymentPaused")));
        expect(live).toMatchObject({ status: { observedGeneration: 1 } });
      });
      expect(await listed("ReplicaSet", "paused")).toEqual([]);
      await applied(deployment("paused", { spec }));
      await succeeds("paused");
    });

    test("no node takes the pod", async () => {
      const pod = { nodeSelector: { "refract.example/nowhere": "true" } };
      await applied(deployment("homeless", { pod }));
      await eventually(async () => {
        const [found] = await listed("Pod", "homeless");
        expect(found).toMatchObject({ status: { phase: "Pending" } });
        expect(found).toMatchObject(conditions(condition("PodScheduled", "False", "Unschedulable")));
      });
      const { items } = await cluster.list(kind("Event"));
      const event = items.find(({ reason, involvedObject }) => {
        return reason === "FailedScheduling" && String(Object(involvedObject).name).startsWith("homeless-");
      });
      // The scheduler writes events of the newer kind.
      expect(event).toMatchObject({ eventTime: expect.any(String), firstTimestamp: null });
      expect(event?.message).toMatch(/^0\/\d+ nodes are available: .*node affinity\/selector/);
    });

    test("a quota: the apply is accepted, the pods never come, the Deployment says why", async () => {
      const namespace = await world.makeNamespace("quota");
      await applied(quota("narrow", { pods: "0" }, namespace));
      await eventually(async () => {
        expect(await found(ref("ResourceQuota", "narrow", namespace))).toMatchObject({
          status: { hard: { pods: "0" } },
        });
      });
      await applied(deployment("refused", { namespace }));
      await eventually(async () => {
        const live = await deploymentNow("refused", namespace);
        expect(live).toMatchObject(
          conditions(
            expect.objectContaining({
              type: "ReplicaFailure",
              status: "True",
              reason: "FailedCreate",
              message: expect.stringContaining("exceeded quota: narrow"),
            }),
          ),
        );
      });
      expect(await listed("Pod", "refused", namespace)).toEqual([]);
      expect((await eventsOf("refused-", namespace)).join("\n")).toMatch(
        /FailedCreate: .*exceeded quota: narrow/,
      );
    });

    test("Pod Security: the apply is accepted with a warning, the pods never come", async () => {
      const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
      const namespace = await world.makeNamespace("secure", labels);
      const outcome = await cluster.apply(deployment("refused", { namespace }));
      const complaint = /^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false/;
      expect(outcome).toMatchObject({ ok: true, warnings: [expect.stringMatching(complaint)] });
      await eventually(async () => {
        expect(await deploymentNow("refused", namespace)).toMatchObject(
          conditions(
            expect.objectContaining({
              type: "ReplicaFailure",
              reason: "FailedCreate",
              message: expect.stringContaining('violates PodSecurity "restricted:latest"'),
            }),
          ),
        );
      });
      expect(await listed("Pod", "refused", namespace)).toEqual([]);
      const allowed = deployment("allowed", {
        namespace,
        spec: { replicas: 0 },
        pod: {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
        container: { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
      });
      expect(await cluster.apply(allowed, { dryRun: true })).toMatchObject({ ok: true, warnings: [] });
    });

    test("a ConfigMap that is missing holds the pod up, and no longer once it is there", async () => {
      const container = { envFrom: [{ configMapRef: { name: "awaited" } }] };
      await applied(deployment("awaiting", { container }));
      await eventually(async () => {
        const [pod] = await listed("Pod", "awaiting");
        expect(pod).toMatchObject({
          status: {
            containerStatuses: [
              {
                state: {
                  waiting: { reason: "CreateContainerConfigError", message: 'configmap "awaited" not found' },
                },
              },
            ],
          },
        });
      });
      await applied(configMap("awaited", { A: "1" }));
      await succeeds("awaiting");
    });

    test("a service account that is missing: no pod is made", async () => {
      await applied(deployment("unknown-account", { pod: { serviceAccountName: "nobody" } }));
      await eventually(async () => {
        expect(await deploymentNow("unknown-account")).toMatchObject(
          conditions(
            expect.objectContaining({
              type: "ReplicaFailure",
              message: expect.stringContaining('serviceaccount "nobody" not found'),
            }),
          ),
        );
      });
    });

    test("scaled to nothing and back", async () => {
      const target = ref("Deployment", "breathing");
      await applied(deployment("breathing", { spec: {} }));
      await succeeds("breathing");
      await cluster.scale(target, 0);
      await eventually(async () => expect(await listed("Pod", "breathing")).toEqual([]));
      expect((await found(target)).status).not.toHaveProperty("replicas");
      await cluster.scale(target, 1);
      await succeeds("breathing");
      expect(revisionOf(await found(target))).toBe("1");
    });

    test("a pod that is deleted is made anew", async () => {
      await applied(deployment("healed"));
      await succeeds("healed");
      const [first] = await listed("Pod", "healed");
      expect(await cluster.remove(ref("Pod", first?.metadata.name ?? ""))).toBe(true);
      await eventually(async () => {
        const pods = await listed("Pod", "healed");
        expect(pods.map(({ metadata }) => metadata.uid)).not.toContain(first?.metadata.uid);
        expect(pods).toHaveLength(1);
      });
      await succeeds("healed");
    });
  });
}
