import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { manifestsOf } from "./manifests.ts";
import { eventually, failureOf, type World } from "./world.ts";

const pageSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    continue: z.string().optional(),
    remainingItemCount: z.number().optional(),
  }),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});
const namesOf = (items: { metadata: { name: string } }[]) => items.map(({ metadata }) => metadata.name);

/** Getting and listing: pages, selectors, versions that are gone or have not come. */
export function listCases(world: World): void {
  const { cluster, applied, ask, connect } = world;
  const { configMap, deployment, ref, kind } = manifestsOf(world);

  describe("get and list", () => {
    let namespace: string;
    const path = () => `/api/v1/namespaces/${namespace}/configmaps`;
    const page = async (query: Record<string, string | number>) =>
      pageSchema.parse((await ask({ method: "GET", path: path(), query })).body);
    beforeAll(async () => {
      namespace = await world.makeNamespace("lists");
      // Comes by itself, and must not come between two looks.
      await eventually(() => world.found(ref("ConfigMap", "kube-root-ca.crt", namespace)));
      for (const name of ["one", "two", "three", "four", "five"]) {
        const few = name.length > 3 ? "no" : "yes";
        await applied(configMap(name, {}, { few, all: "yes" }, namespace));
      }
    });

    test("a missing object and one in a missing namespace are null", async () => {
      expect(await cluster.get(ref("Deployment", "nope"))).toBeNull();
      expect(await cluster.get(ref("ConfigMap", "nope", `${namespace}-no`))).toBeNull();
      expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: `${namespace}-no` })).toBeNull();
    });

    test("by label and by field, with the kind in every item", async () => {
      const { items, resourceVersion } = await cluster.list(kind("ConfigMap", namespace), {
        labelSelector: "few=yes",
      });
      expect(namesOf(items)).toEqual(["one", "two"]);
      expect(items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
      expect(resourceVersion).toMatch(/^\d+$/);
      const byName = await cluster.list(kind("ConfigMap", namespace), {
        fieldSelector: "metadata.name=five",
      });
      expect(namesOf(byName.items)).toEqual(["five"]);
      const bySet = await cluster.list(kind("ConfigMap", namespace), {
        labelSelector: "all,few notin (yes),few!=maybe",
      });
      expect(namesOf(bySet.items)).toEqual(["five", "four", "three"]);
    });

    test("of all namespaces", async () => {
      await applied(configMap("elsewhere", {}, { everywhere: namespace }));
      await applied(configMap("here", {}, { everywhere: namespace }, namespace));
      const { items } = await cluster.list(
        { apiVersion: "v1", kind: "ConfigMap" },
        { labelSelector: `everywhere=${namespace}` },
      );
      expect(namesOf(items).sort()).toEqual(["elsewhere", "here"]);
      expect(new Set(items.map(({ metadata }) => metadata.namespace)).size).toBe(2);
      await cluster.remove(ref("ConfigMap", "here", namespace));
    });

    test("in a missing namespace there is nothing, and no error", async () => {
      expect((await cluster.list(kind("ConfigMap", `${namespace}-no`))).items).toEqual([]);
    });

    test("items of a plain list come without kind and apiVersion", async () => {
      const { body } = await ask({ method: "GET", path: path(), query: { limit: 1 } });
      expect(body).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1", items: [{ metadata: {} }] });
      expect(Object(body).items[0]).not.toHaveProperty("kind");
    });

    test("pages of the adapter make one list", async () => {
      const whole = await cluster.list(kind("ConfigMap", namespace));
      const paged = await connect({ pageSize: 2 }).list(kind("ConfigMap", namespace));
      expect(namesOf(paged.items)).toEqual(namesOf(whole.items));
      expect(namesOf(whole.items)).toEqual(expect.arrayContaining(["five", "four", "one", "three", "two"]));
    });

    test("pages are of one moment, and say how much is left", async () => {
      const labelled = await page({ limit: 2, labelSelector: "all=yes" });
      expect(labelled.metadata.continue).toBeTruthy();
      expect(labelled.metadata.remainingItemCount).toBeUndefined();
      const first = await page({ limit: 2 });
      expect(first.metadata.remainingItemCount).toBeGreaterThanOrEqual(3);
      await applied(configMap("zz-late", {}, {}, namespace));
      const second = await page({ limit: 50, continue: first.metadata.continue ?? "" });
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      expect(namesOf(second.items)).toHaveLength(first.metadata.remainingItemCount ?? 0);
      expect(namesOf(second.items)).not.toContain("zz-late");
      await cluster.remove(ref("ConfigMap", "zz-late", namespace));
    });

    test("a page of a moment that is forgotten is a 410 with a token for the rest as it is now", async ({
      skip,
    }) => {
      const first = await page({ limit: 2 });
      const token = JSON.parse(Buffer.from(first.metadata.continue ?? "", "base64url").toString("utf8"));
      const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString("base64url");
      const expired = await ask({ method: "GET", path: path(), query: { limit: 50, continue: old } });
      if (expired.status === 200) skip("the server is so young that it has forgotten nothing yet");
      expect(expired).toMatchObject({ status: 410, body: { reason: "Expired", code: 410 } });
      const rest = await page({ limit: 50, continue: Object(expired.body).metadata.continue });
      expect(namesOf(rest.items)).not.toContain(first.items[0]?.metadata.name);
      expect(rest.items.length).toBeGreaterThanOrEqual(3);
    });

    test("a token that is none", async () => {
      const answer = await ask({ method: "GET", path: path(), query: { limit: 2, continue: "abc" } });
      expect(answer).toMatchObject({ status: 400, body: { reason: "BadRequest" } });
    });

    test("exactly as it was at a version; one that is forgotten is a 410", async ({ skip }) => {
      const { metadata } = await page({});
      await applied(configMap("zz-exact", {}, {}, namespace));
      const exact = { resourceVersionMatch: "Exact", resourceVersion: metadata.resourceVersion };
      expect(namesOf((await page(exact)).items)).not.toContain("zz-exact");
      await cluster.remove(ref("ConfigMap", "zz-exact", namespace));
      const query = { resourceVersionMatch: "Exact", resourceVersion: "1", limit: 2 };
      const old = await ask({ method: "GET", path: path(), query });
      if (old.status === 200) skip("the server is so young that it has forgotten nothing yet");
      expect(old).toMatchObject({ status: 410, body: { reason: "Expired", code: 410 } });
    });

    test("a version that has not come is a timeout", async () => {
      const query = { resourceVersion: "999999999999", resourceVersionMatch: "NotOlderThan" };
      expect(await ask({ method: "GET", path: path(), query })).toMatchObject({
        status: 504,
        body: { reason: "Timeout", details: { causes: [{ reason: "ResourceVersionTooLarge" }] } },
      });
    });

    test.each([
      ["a label selector that makes no sense", { labelSelector: "a in" }],
      ["a field that cannot be selected by", { fieldSelector: "data.a=1" }],
    ])("%s", async (_, selector) => {
      const call = cluster.list(kind("ConfigMap", namespace), selector);
      expect(await failureOf(call)).toMatchObject({ failure: "invalid", status: 400, retryable: false });
    });

    test("a kind and a version that are not served", async () => {
      for (const of of [
        { apiVersion: "apps/v1", kind: "Deploymint" },
        { apiVersion: "apps/v7", kind: "Deployment" },
      ]) {
        expect(await failureOf(cluster.list({ ...of, namespace }))).toMatchObject({
          failure: "missing",
          details: { missing: "kind" },
        });
      }
    });

    test("a list tells what was written before it", async () => {
      for (let round = 0; round < 5; round += 1) {
        await applied(deployment("fresh", { spec: { paused: true, minReadySeconds: round } }));
        const { items } = await cluster.list(kind("Deployment"), { labelSelector: "app=fresh" });
        expect(items).toMatchObject([{ metadata: { generation: round + 1 } }]);
      }
    });
  });
}
