import { describe, expect, test } from "vitest";
import type { Manifest } from "../../ports.ts";
import { manifestsOf } from "./manifests.ts";
import { failureOf, type World } from "./world.ts";

/** Objects that are refused, and how the refusal reads. */
export function refusalCases(world: World): void {
  const { cluster, applied, ask, namespace } = world;
  const { configMap, deployment, job, statefulSet, ref } = manifestsOf(world);
  const stopped = { replicas: 0 };
  const invalid = { failure: "invalid", status: 422, retryable: false, details: { reason: "Invalid" } };

  describe("an object that is refused", () => {
    test("an unknown field, at any depth", async () => {
      for (const object of [
        deployment("unknown", { spec: { replcas: 3 } }),
        deployment("unknown", { container: { imagePullPolcy: "Always" } }),
      ]) {
        const error = await failureOf(cluster.apply(object));
        expect(error).toMatchObject({ failure: "invalid", retryable: false });
        expect(error.message).toMatch(/replcas|imagePullPolcy/);
      }
      expect(await cluster.get(ref("Deployment", "unknown"))).toBeNull();
    });

    test("an unknown field is a 500 without a reason, whatever the validation asked for", async () => {
      for (const fieldValidation of ["Strict", "Warn", "Ignore", undefined]) {
        const answer = await ask({
          method: "PATCH",
          path: `/apis/apps/v1/namespaces/${namespace}/deployments/unknown`,
          query: { fieldManager: "refract", fieldValidation },
          contentType: "application/apply-patch+yaml",
          body: deployment("unknown", { spec: { replcas: 3 } }),
        });
        expect(answer).toMatchObject({ status: 500, body: { kind: "Status", code: 500 } });
        expect(answer.body).not.toHaveProperty("reason");
      }
    });

    test("the same with POST: a 400 if strict, else a warning", async () => {
      const post = (fieldValidation: string) =>
        ask({
          method: "POST",
          path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
          query: { fieldValidation, dryRun: "All" },
          body: deployment("unknown", { spec: { replcas: 3 } }),
        });
      expect(await post("Strict")).toMatchObject({ status: 400, body: { reason: "BadRequest" } });
      expect(await post("Warn")).toMatchObject({
        status: 201,
        headers: { warning: expect.stringContaining('unknown field \\"spec.replcas\\"') },
      });
    });

    test("the same key twice in a list", async () => {
      const env = [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ];
      const error = await failureOf(cluster.apply(deployment("twice", { container: { env } })));
      expect(error).toMatchObject({ failure: "invalid", retryable: false });
      expect(error.message).toContain("duplicate entries for key");
    });

    test("a value of the wrong type", async () => {
      const error = await failureOf(cluster.apply(deployment("type", { spec: { replicas: "three" } })));
      expect(error).toMatchObject({ failure: "invalid", retryable: false });
      expect(error.message).toContain("replicas");
    });

    test("an invalid value names each field", async () => {
      const bad = deployment("bad", {
        spec: { replicas: -1, selector: { matchLabels: { app: "other" } } },
        container: { name: "No_Name" },
      });
      const error = await failureOf(cluster.apply(bad));
      expect(error).toMatchObject(invalid);
      const fields = Object(error.details).causes.map(({ field }: { field: string }) => field);
      expect(fields).toEqual(
        expect.arrayContaining([
          "spec.replicas",
          "spec.template.metadata.labels",
          "spec.template.spec.containers[0].name",
        ]),
      );
    });

    test("a required field that is missing", async () => {
      const { spec, ...rest } = deployment("required");
      const { selector: _selector, ...left } = Object(spec);
      expect(await failureOf(cluster.apply({ ...rest, spec: left }))).toMatchObject({
        ...invalid,
        details: { causes: expect.arrayContaining([expect.objectContaining({ field: "spec.selector" })]) },
      });
    });

    test.each([
      ["capital letters", "Upper"],
      ["an underscore", "under_score"],
      ["too long", "a".repeat(254)],
      ["a space", "a b"],
    ])("a name with what names may not have: %s", async (_, name) => {
      expect(await failureOf(cluster.apply(configMap(name, {})))).toMatchObject({
        ...invalid,
        details: { causes: [expect.objectContaining({ field: "metadata.name" })] },
      });
    });

    test.each([
      ["a value with a space", { team: "a b" }],
      ["a value that is too long", { team: "a".repeat(64) }],
      ["a Chinese value", { team: "交易" }],
      ["a key with two slashes", { "a/b/c": "1" }],
    ])("a label: %s", async (_, labels) => {
      expect(await failureOf(cluster.apply(configMap("label", {}, labels)))).toMatchObject({
        ...invalid,
        details: { causes: [expect.objectContaining({ field: "metadata.labels" })] },
      });
    });

    test("a key of a ConfigMap that is no file name", async () => {
      expect(await failureOf(cluster.apply(configMap("key", { "a b": "1" })))).toMatchObject(invalid);
    });

    test("annotations above their limit", async () => {
      const object = configMap("annotated", {});
      object.metadata.annotations = { a: "x".repeat(262_145) };
      const error = await failureOf(cluster.apply(object));
      expect(error).toMatchObject(invalid);
      expect(error.message).toContain("metadata.annotations");
    });

    test("a ConfigMap above a megabyte", async () => {
      const error = await failureOf(cluster.apply(configMap("large", { a: "x".repeat(1_048_577) })));
      expect(error).toMatchObject(invalid);
      expect(error.message).toContain("1048576");
    });

    test("a request above three megabytes", async () => {
      const error = await failureOf(cluster.apply(configMap("huge", { a: "x".repeat(3_200_000) })));
      expect(error).toMatchObject({ failure: "invalid", status: 413, retryable: false });
    });

    test("a field that cannot be changed any more", async () => {
      await applied(deployment("fixed", { spec: stopped }));
      const other = { matchLabels: { app: "fixed", tier: "two" } };
      const changed = deployment("fixed", { spec: { ...stopped, selector: other } });
      Object(changed.spec).template.metadata.labels = other.matchLabels;
      const error = await failureOf(cluster.apply(changed));
      expect(error).toMatchObject({
        ...invalid,
        details: { causes: [expect.objectContaining({ field: "spec.selector" })] },
      });
      expect(error.message).toContain("field is immutable");
    });

    test("a Job's pods cannot be changed", async () => {
      const suspended = { spec: { suspend: true, parallelism: 1 } };
      await applied(job("fixed", suspended));
      const error = await failureOf(
        cluster.apply(job("fixed", { ...suspended, image: "example.test/next:1" })),
      );
      expect(error).toMatchObject({
        ...invalid,
        details: { causes: [expect.objectContaining({ field: "spec.template" })] },
      });
    });

    test("a StatefulSet's service cannot be changed", async () => {
      await applied(statefulSet("fixed", { spec: stopped }));
      const error = await failureOf(
        cluster.apply(statefulSet("fixed", { spec: { ...stopped, serviceName: "other" } })),
      );
      expect(error).toMatchObject(invalid);
      expect(error.message).toContain("updates to statefulset spec for fields other than");
    });

    test("a ConfigMap that was sealed", async () => {
      const sealed = (a: string): Manifest => ({ ...configMap("sealed", { a }), immutable: true });
      await applied(sealed("1"));
      expect(await failureOf(cluster.apply(sealed("2")))).toMatchObject(invalid);
    });

    test("a Service's address cannot be chosen anew", async () => {
      const service = (clusterIP?: string): Manifest => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "fixed", namespace },
        spec: { ports: [{ port: 80 }], ...(clusterIP ? { clusterIP } : {}) },
      });
      await applied(service());
      const error = await failureOf(cluster.apply(service("None")));
      expect(error).toMatchObject(invalid);
      expect(error.message).toContain("may not change once set");
    });

    test("a missing namespace and a missing kind are told apart", async () => {
      const lost = configMap("x", {}, undefined, `${namespace}-no`);
      for (const dryRun of [false, true]) {
        expect(await failureOf(cluster.apply(lost, { dryRun }))).toMatchObject({
          failure: "missing",
          details: { missing: "namespace" },
        });
      }
      for (const apiVersion of ["apps/v1", "apps/v7", "nobody.example.test/v1"]) {
        const strange: Manifest = { apiVersion, kind: "Deploymint", metadata: { name: "x", namespace } };
        expect(await failureOf(cluster.apply(strange))).toMatchObject({
          failure: "missing",
          details: { missing: "kind" },
        });
      }
    });

    test("a namespace that is being deleted takes nothing new", async () => {
      const name = await world.makeNamespace("leaving");
      const held = configMap("held", {}, undefined, name);
      held.metadata.finalizers = ["refract.example/hold"];
      await applied(held);
      await cluster.remove({ apiVersion: "v1", kind: "Namespace", name });
      for (const dryRun of [false, true]) {
        const late = cluster.apply(configMap("late", {}, undefined, name), { dryRun });
        expect(await failureOf(late)).toMatchObject({
          failure: "forbidden",
          status: 403,
          details: { reason: "NamespaceTerminating" },
        });
      }
      expect(await cluster.createNamespace(name, {})).toBe("present");
      await applied(configMap("held", {}, undefined, name));
    });

    test("an old resourceVersion is a conflict, but not one of fields", async () => {
      const { metadata } = await applied(configMap("stale", { a: "1" }));
      await applied(configMap("stale", { a: "2" }));
      const stale = configMap("stale", { a: "3" });
      stale.metadata.resourceVersion = metadata.resourceVersion;
      expect(await failureOf(cluster.apply(stale))).toMatchObject({ failure: "conflict", status: 409 });
    });

    test("the uid of an object that is gone is a conflict too", async () => {
      const { metadata } = await applied(configMap("gone", { a: "1" }));
      await cluster.remove(ref("ConfigMap", "gone"));
      const again = configMap("gone", { a: "1" });
      again.metadata.uid = metadata.uid;
      expect(await failureOf(cluster.apply(again))).toMatchObject({
        failure: "conflict",
        status: 409,
        details: { causes: [] },
      });
      expect(await cluster.get(ref("ConfigMap", "gone"))).toBeNull();
    });

    test("somebody's managedFields in the body", async () => {
      const object = configMap("managed", {});
      object.metadata.managedFields = [{ manager: "me", operation: "Apply", apiVersion: "v1" }];
      expect(await failureOf(cluster.apply(object))).toMatchObject({ failure: "invalid", status: 400 });
    });

    test("an apply by nobody", async () => {
      const answer = await ask({
        method: "PATCH",
        path: `/api/v1/namespaces/${namespace}/configmaps/nobody`,
        contentType: "application/apply-patch+yaml",
        body: configMap("nobody", {}),
      });
      expect(answer).toMatchObject({
        status: 422,
        body: { details: { causes: [{ field: "fieldManager" }] } },
      });
    });

    test("a request that is none: a type nobody reads, a method that is not there", async () => {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const body = configMap("none", {});
      expect(
        await ask({ method: "PATCH", path: `${path}/none`, contentType: "text/plain", body }),
      ).toMatchObject({
        status: 415,
        body: { reason: "UnsupportedMediaType" },
      });
      expect(await ask({ method: "POST", path: `${path}/none`, body })).toMatchObject({
        status: 405,
        body: { reason: "MethodNotAllowed" },
      });
    });

    test("a body that does not fit its path", async () => {
      const patch = (body: Manifest) =>
        ask({
          method: "PATCH",
          path: `/apis/apps/v1/namespaces/${namespace}/deployments/api`,
          query: { fieldManager: "refract" },
          contentType: "application/apply-patch+yaml",
          body,
        });
      const api = deployment("api");
      expect((await patch({ ...api, kind: "StatefulSet" })).status).toBe(400);
      expect((await patch({ ...api, apiVersion: "apps/v1beta1" })).status).toBe(400);
      expect((await patch(deployment("other"))).status).toBe(400);
      expect((await patch(deployment("api", { namespace: "default" }))).status).toBe(400);
    });
  });
}
