import { beforeAll, describe, expect, test } from "vitest";
import { manifestsOf } from "./manifests.ts";
import { eventually, failureOf, type World } from "./world.ts";

/** What is asked of running pods: logs, the proxy to their services, the scale of their owner. */
export function podCases(world: World): void {
  const { cluster, applied, ask, found, namespace } = world;
  const { configMap, deployment, pod, service, ref, kind } = manifestsOf(world);
  const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

  describe("logs", () => {
    const talker = { namespace, name: "talker" };
    const log = (options = {}) => cluster.podLog(talker, { container: "app", ...options });
    beforeAll(async () => {
      await applied(pod("talker", { behaviour: "talk" }));
      await eventually(async () => expect(linesOf(await log()).length).toBeGreaterThanOrEqual(3));
    });

    test("the whole, and its last lines", async () => {
      const whole = linesOf(await log());
      const tail = linesOf(await log({ tailLines: 2 }));
      expect(tail).toHaveLength(2);
      expect(whole.length).toBeGreaterThan(2);
      expect(await log({ tailLines: 0 })).toBe("");
    });

    test("with the time of each line", async () => {
      for (const line of linesOf(await log({ timestamps: true, tailLines: 3 }))) {
        expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) /);
      }
    });

    test("of the last seconds only", async () => {
      await eventually(async () => {
        const whole = linesOf(await log());
        const recent = linesOf(await log({ sinceSeconds: 1 }));
        expect(recent.length).toBeLessThan(whole.length);
      });
    });

    test("no more bytes than asked for", async () => {
      expect(Buffer.byteLength(await log({ limitBytes: 5 }))).toBe(5);
    });

    test("followed: pieces as they come, until the caller gives up", async () => {
      const giveUp = new AbortController();
      let text = "";
      const onText = (piece: string) => {
        text += piece;
        if (linesOf(text).length >= 3) giveUp.abort();
      };
      const options = { signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(120_000)]) };
      await cluster.followPodLog(talker, { tailLines: 1, onText }, options);
      expect(linesOf(text).length).toBeGreaterThanOrEqual(3);
    });

    test("followed: ends with the container", async () => {
      await applied(pod("brief", { behaviour: "succeed", pod: { restartPolicy: "Never" } }));
      const brief = { namespace, name: "brief" };
      await eventually(() => cluster.podLog(brief, {}));
      let text = "";
      const onText = (piece: string) => {
        text += piece;
      };
      await cluster.followPodLog(brief, { onText }, { signal: AbortSignal.timeout(120_000) });
      expect(text).not.toBe("");
      await eventually(async () => {
        expect(await found(ref("Pod", "brief"))).toMatchObject({ status: { phase: "Succeeded" } });
      });
    });

    test("as a stream of bytes that may be left", async () => {
      const stream = await cluster.openPodLog(talker, { follow: true, tailLines: 2 });
      const reader = stream.getReader();
      const { value } = await reader.read();
      expect(value?.length).toBeGreaterThan(0);
      await reader.cancel();
    });

    test("of a run before that never was", async () => {
      expect(await failureOf(log({ previous: true }))).toMatchObject({ failure: "invalid", status: 400 });
    });

    test("of a missing pod and of an unknown container", async () => {
      const missing = { namespace, name: "nope" };
      expect(await failureOf(cluster.podLog(missing, {}))).toMatchObject({ failure: "missing" });
      expect(await failureOf(cluster.followPodLog(missing, { onText: () => {} }))).toMatchObject({
        failure: "missing",
      });
      expect(await failureOf(log({ container: "nope" }))).toMatchObject({ failure: "invalid", status: 400 });
    });

    test("options that make no sense", async () => {
      for (const options of [{ tailLines: -1 }, { sinceSeconds: 0 }, { limitBytes: 0 }]) {
        expect(await failureOf(log(options))).toMatchObject({ failure: "invalid", status: 422 });
      }
    });

    test("of a container that has not started: to be asked again", async () => {
      await applied(pod("held-up", { container: { envFrom: [{ configMapRef: { name: "nobody" } }] } }));
      await eventually(async () => {
        expect(await found(ref("Pod", "held-up"))).toMatchObject({
          status: { containerStatuses: [{ state: { waiting: { reason: "CreateContainerConfigError" } } }] },
        });
      });
      const call = cluster.podLog({ namespace, name: "held-up" }, {});
      expect(await failureOf(call)).toMatchObject({
        failure: "invalid",
        retryable: true,
        details: { reason: "ContainerWaiting" },
      });
    });

    test("of one of two containers: it has to be named", async () => {
      const second = { name: "second", image: world.image, command: ["sh", "-c", "sleep 600"] };
      const object = pod("pair", { behaviour: "talk" });
      Object(object.spec).containers.push(second);
      await applied(object);
      const pair = { namespace, name: "pair" };
      await eventually(() => cluster.podLog(pair, { container: "app" }));
      // Servers since 1.32 or so fall back to the first one; older ones ask for a name.
      const unnamed = await cluster.podLog(pair, {}).catch((error: unknown) => error);
      expect([typeof unnamed, Object(unnamed).status]).toSatisfy(
        ([type, status]) => type === "string" || status === 400,
      );
    });
  });

  describe("the proxy to a service", () => {
    const at = (name: string, path: string, port = "web") =>
      cluster.proxyGet({ namespace, service: name, port, path });
    const web = [{ name: "web", port: 80, targetPort: "http" }];

    test("reaches a ready pod by the port's name and by its number", async () => {
      await applied(deployment("proxied", { behaviour: "serve" }));
      await applied(service("proxied", web));
      await eventually(async () => {
        expect(await at("proxied", "/hostname")).toMatchObject({ status: 200 });
      });
      const [running] = (await cluster.list(kind("Pod"), { labelSelector: "app=proxied" })).items;
      const { body } = await at("proxied", "/hostname", "80");
      expect(body).toContain(running?.metadata.name);
    });

    test("no endpoints: 503 is the answer", async () => {
      await applied(service("empty", web, "nobody"));
      // Until its endpoints are written down the service counts as missing.
      await eventually(async () => expect(await at("empty", "/")).toMatchObject({ status: 503 }));
    });

    test("pods that are not ready are not asked", async () => {
      await applied(
        deployment("unasked", {
          behaviour: "notready",
          container: { ports: [{ name: "http", containerPort: 8080 }] },
        }),
      );
      await applied(service("unasked", web));
      await eventually(async () => {
        const { items } = await cluster.list(kind("Pod"), { labelSelector: "app=unasked" });
        expect(items).toMatchObject([{ status: { phase: "Running" } }]);
      });
      expect(await at("unasked", "/")).toMatchObject({ status: 503 });
    });

    test("a service that is not there is a failure of the question", async () => {
      expect(await failureOf(at("nope", "/"))).toMatchObject({ failure: "missing", status: 404 });
    });
  });

  describe("scale and patches", () => {
    test("the scale tells what is wanted and what is there; one that is old is refused", async () => {
      await applied(deployment("measured", { spec: { paused: true, replicas: 2 } }));
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/measured/scale`;
      const { body } = await ask({ method: "GET", path });
      expect(body).toMatchObject({
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        spec: { replicas: 2 },
        status: { selector: "app=measured" },
      });
      await cluster.scale(ref("Deployment", "measured"), 3);
      expect(await ask({ method: "PUT", path, body })).toMatchObject({
        status: 409,
        body: { reason: "Conflict" },
      });
      expect((await found(ref("Deployment", "measured"))).spec).toMatchObject({ replicas: 3 });
    });

    test("less than nothing is refused", async () => {
      await applied(deployment("negative", { spec: { paused: true } }));
      expect(await failureOf(cluster.scale(ref("Deployment", "negative"), -1))).toMatchObject({
        failure: "invalid",
        status: 422,
      });
    });

    test("what is not there can be neither scaled nor patched", async () => {
      const missing = { failure: "missing", details: { missing: "object" } };
      expect(await failureOf(cluster.scale(ref("Deployment", "nope"), 1))).toMatchObject(missing);
      expect(await failureOf(cluster.mergePatch(ref("ConfigMap", "nope"), {}))).toMatchObject(missing);
    });

    test("a merge patch sets, and removes with null", async () => {
      await applied(configMap("patched", { a: "1", b: "1" }));
      const target = ref("ConfigMap", "patched");
      const patched = await cluster.mergePatch(target, { data: { a: null, c: "1" } });
      expect(patched).toMatchObject({ kind: "ConfigMap", data: { b: "1", c: "1" } });
      expect(patched.data).not.toHaveProperty("a");
      expect(await failureOf(cluster.mergePatch(target, { data: { "a b": "1" } }))).toMatchObject({
        failure: "invalid",
        status: 422,
      });
    });
  });
}
