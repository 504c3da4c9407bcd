import { beforeAll, expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getArtifact } from "./queries.ts";
import { COMMIT, makeArtifact } from "./testing/place.ts";

await testDatabase();
const DIGEST = `sha256:${"a".repeat(64)}`;
let place: Awaited<ReturnType<typeof makeArtifact>>;
let environmentId = "";
beforeAll(async () => {
  place = await makeArtifact({
    registryUrl: "http://registry.test",
    image: "registry.test/quotes/quote-api:R-2026-0001",
    digest: DIGEST,
  });
  const prod = await db.environment.create({
    data: { key: "PROD", name: "生产", rank: 3, kind: "controlled", approvalsRequired: 1 },
  });
  environmentId = prod.id;
});

/** A deployment of the image `digest`, whose Deployment object is what the place has now. */
async function deploy(digest: string): Promise<string> {
  const { project, release, component, dev } = place;
  const common = { projectId: project.id, environmentId, releaseId: release.id, createdById: dev.id };
  const images = [{ component: component.key, image: "registry.test/quotes/quote-api:R-2026-0001", digest }];
  const plan = await db.plan.create({
    data: {
      ...common,
      digest: `sha256:${crypto.randomUUID()}`,
      inputs: { images },
      manifests: { targets: [] },
      review: {},
      approvals: { create: { userId: dev.id, decision: "approve", expiresAt: new Date() } },
    },
  });
  const deployment = await db.deployment.create({ data: { ...common, planId: plan.id, state: "succeeded" } });
  const cluster = await db.cluster.upsert({
    where: { key: "east" },
    create: { key: "east", name: "east", server: "https://east.test" },
    update: {},
  });
  const at = { projectId: project.id, environmentId, clusterId: cluster.id, namespace: "quotes" };
  const target = (await db.target.findFirst({ where: at })) ?? (await db.target.create({ data: at }));
  const object = { targetId: target.id, apiVersion: "apps/v1", kind: "Deployment", name: "quote-api" };
  await db.inventoryObject.upsert({
    where: { targetId_apiVersion_kind_name: object },
    create: { ...object, componentId: component.id, deploymentId: deployment.id },
    update: { deploymentId: deployment.id },
  });
  return deployment.id;
}

test("by id and by digest: where it comes from, before the registry was asked", async () => {
  const byId = await getArtifact(place.dev, { id: place.artifactId });
  expect(byId).toMatchObject({
    project: "quotes",
    release: "R-2026-0001",
    component: "quote-api",
    commit: COMMIT,
    commitUrl: null,
    build: { id: place.buildId, attempt: 1, triggeredBy: { username: "dev" } },
    content: null,
    registries: [{ key: "main", built: true, inspectedAt: null, evidence: null, scan: null }],
    runs: [],
  });
  expect(await getArtifact(place.dev, { id: DIGEST })).toEqual(byId);
  expect(await getArtifact(place.dev, { id: DIGEST, release: "R-2026-0001" })).toEqual(byId);
  for (const input of [{ id: DIGEST, release: "R-2026-0002" }, { id: `sha256:${"b".repeat(64)}` }]) {
    await expect(getArtifact(place.dev, input)).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("who may not read the project finds nothing, by no name of it", async () => {
  for (const id of [place.artifactId, DIGEST]) {
    await expect(getArtifact(place.stranger, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("a registered Git host has a page of the commit", async () => {
  await db.sourceHost.create({ data: { key: "git", name: "git", kind: "gitlab", host: "git.test" } });
  const { commitUrl } = await getArtifact(place.dev, { id: DIGEST });
  expect(commitUrl).toBe(`https://git.test/quotes/quote-api/-/commit/${COMMIT}`);
});

test("it runs where it was deployed last, with who approved, until another image takes its place", async () => {
  const deployment = await deploy(DIGEST);
  const artifact = await getArtifact(place.dev, { id: DIGEST });
  expect(artifact.runs).toMatchObject([
    { environment: "PROD", cluster: "east", namespace: "quotes", deployment, release: "R-2026-0001" },
  ]);
  expect(artifact.approvals).toMatchObject([
    { environment: "PROD", decision: "approve", person: { username: "dev" }, voided: false },
  ]);
  await deploy(`sha256:${"b".repeat(64)}`);
  expect((await getArtifact(place.dev, { id: DIGEST })).runs).toEqual([]);
});
