import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Cluster } from "../../ports.ts";
import { manifestsOf } from "./manifests.ts";
import { eventually, failureOf, type World } from "./world.ts";

const tokenSchema = z.object({ status: z.object({ token: z.string().min(1) }) });
const RBAC = "rbac.authorization.k8s.io";

/** Who may do what: nobody, a wrong token, and a service account that may read and change, but not create. */
export function accessCases(world: World): void {
  const { cluster, applied, ask, namespace } = world;
  const { configMap, deployment, ref, kind } = manifestsOf(world);

  describe("access", () => {
    let restricted: Cluster;
    beforeAll(async () => {
      const metadata = { name: "restricted", namespace };
      await applied({ apiVersion: "v1", kind: "ServiceAccount", metadata });
      const read = ["get", "list", "watch"];
      await applied({
        apiVersion: `${RBAC}/v1`,
        kind: "Role",
        metadata,
        rules: [
          { verbs: [...read, "patch"], apiGroups: ["apps"], resources: ["deployments"] },
          { verbs: read, apiGroups: [""], resources: ["pods"] },
        ],
      });
      await applied({
        apiVersion: `${RBAC}/v1`,
        kind: "RoleBinding",
        metadata,
        subjects: [{ kind: "ServiceAccount", ...metadata }],
        roleRef: { kind: "Role", name: "restricted", apiGroup: RBAC },
      });
      const { body } = await ask({
        method: "POST",
        path: `/api/v1/namespaces/${namespace}/serviceaccounts/restricted/token`,
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          spec: { expirationSeconds: 3600 },
        },
      });
      restricted = world.as(tokenSchema.parse(body).status.token);
      await applied(deployment("allowed", { spec: { paused: true } }));
      // Roles are known to the server a moment after they are stored.
      await eventually(async () => {
        expect(await restricted.get(ref("Deployment", "allowed"))).not.toBeNull();
      });
    });

    test("nobody may ask for the version, and for nothing else", async () => {
      expect((await world.as(null).version()).gitVersion).toMatch(/^v\d/);
      expect(await failureOf(world.as(null).list(kind("ConfigMap")))).toMatchObject({
        failure: "forbidden",
        status: 403,
        message: expect.stringContaining("system:anonymous"),
      });
    });

    test("a wrong token", async () => {
      expect(await failureOf(world.as("nonsense").list(kind("ConfigMap")))).toMatchObject({
        failure: "unauthorized",
        status: 401,
        retryable: false,
      });
    });

    test("what no role allows is forbidden, in words that name user, verb, resource and namespace", async () => {
      const error = await failureOf(restricted.list(kind("Secret")));
      expect(error).toMatchObject({ failure: "forbidden", status: 403, retryable: false });
      expect(error.message).toContain(
        `User "system:serviceaccount:${namespace}:restricted" cannot list resource "secrets" in API group "" in the namespace "${namespace}"`,
      );
      expect(await failureOf(restricted.createNamespace(world.nameNamespace("forbidden"), {}))).toMatchObject(
        {
          failure: "forbidden",
        },
      );
    });

    test("an apply of a new object needs the right to create, also as a dry run", async () => {
      const changed = deployment("allowed", { spec: { paused: true, minReadySeconds: 1 } });
      expect(await restricted.apply(changed)).toMatchObject({ ok: true });
      for (const dryRun of [true, false]) {
        const error = await failureOf(restricted.apply(deployment("created"), { dryRun }));
        expect(error).toMatchObject({ failure: "forbidden" });
        expect(error.message).toContain("cannot create resource");
      }
      expect(await cluster.get(ref("Deployment", "created"))).toBeNull();
    });

    test("a right is asked for before anything is looked for", async () => {
      const lost = `${namespace}-no`;
      const apply = restricted.apply(configMap("x", {}, undefined, lost));
      expect(await failureOf(apply)).toMatchObject({ failure: "forbidden" });
      expect(await failureOf(restricted.get(ref("Secret", "nope")))).toMatchObject({ failure: "forbidden" });
      expect(await restricted.get(ref("Deployment", "nope"))).toBeNull();
    });

    test("logs and scale are rights of their own", async () => {
      const log = restricted.podLog({ namespace, name: "nope" }, {});
      expect(await failureOf(log)).toMatchObject({
        failure: "forbidden",
        message: expect.stringContaining('"pods/log"'),
      });
      expect(await failureOf(restricted.scale(ref("Deployment", "allowed"), 2))).toMatchObject({
        failure: "forbidden",
        message: expect.stringContaining('"deployments/scale"'),
      });
    });

    test("a deletion is a right of its own, and the object stays", async () => {
      expect(await failureOf(restricted.remove(ref("Deployment", "allowed")))).toMatchObject({
        failure: "forbidden",
      });
      expect(await cluster.get(ref("Deployment", "allowed"))).not.toBeNull();
    });

    test.each([
      ["to change Deployments", { verb: "patch", group: "apps", resource: "deployments" }, true],
      ["to create Deployments", { verb: "create", group: "apps", resource: "deployments" }, false],
      ["to read pods", { verb: "list", group: "", resource: "pods" }, true],
      ["to read logs", { verb: "get", group: "", resource: "pods", subresource: "log" }, false],
    ])("a review says who has the right %s", async (_, review, expected) => {
      expect(await restricted.reviewAccess({ ...review, namespace })).toBe(expected);
      expect(await cluster.reviewAccess({ ...review, namespace })).toBe(true);
      // A role of one namespace says nothing of another, nor of all.
      expect(await restricted.reviewAccess({ ...review, namespace: "default" })).toBe(false);
      expect(await restricted.reviewAccess(review)).toBe(false);
    });

    test("all rules at once, and the account's own name", async () => {
      const { rules } = await restricted.reviewRules(namespace);
      expect(rules).toContainEqual({
        verbs: ["get", "list", "watch", "patch"],
        groups: ["apps"],
        resources: ["deployments"],
        names: [],
      });
      expect(rules.some(({ resources }) => resources.includes("secrets"))).toBe(false);
      const everything = await cluster.reviewRules(namespace);
      expect(everything.rules).toContainEqual(
        expect.objectContaining({ verbs: ["*"], groups: ["*"], resources: ["*"] }),
      );
      expect(await restricted.whoAmI()).toBe(`system:serviceaccount:${namespace}:restricted`);
    });

    test("an administrator may everything, also with what is not there", async () => {
      const review = { verb: "list", group: "nobody.example.test", resource: "things" };
      expect(await cluster.reviewAccess(review)).toBe(true);
      expect(await restricted.reviewAccess(review)).toBe(false);
    });

    test("a role that is taken away ends the right", async () => {
      await cluster.remove(ref("RoleBinding", "restricted"));
      await eventually(async () => {
        expect(await failureOf(restricted.get(ref("Deployment", "allowed")))).toMatchObject({
          failure: "forbidden",
        });
      });
    });
  });
}
