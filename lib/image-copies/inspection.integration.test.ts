import { afterAll, beforeAll, expect, test } from "vitest";
import { listArtifacts } from "#lib/artifacts/list.ts";
import { getArtifact } from "#lib/artifacts/queries.ts";
import { dueArtifacts, handleInspectJob } from "#lib/artifacts/reconcile.ts";
import { inspectArtifact } from "#lib/artifacts/service.ts";
import { db } from "#lib/db.ts";
import { judgeImages } from "#lib/image-policies/judge.ts";
import { NO_POLICY } from "#lib/image-policies/schema.ts";
import { getPlan } from "#lib/plans/queries.ts";
import { computePlan } from "#lib/plans/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listImageCopies } from "./queries.ts";
import { handleCopyJob, unfinishedCopies } from "./reconcile.ts";
import { retryImageCopy } from "./service.ts";
import { makePromotion, type Promotion } from "./testing/place.ts";

await testDatabase();
let place: Promotion;
let artifactId: string;
let digest: string;
const { signal } = new AbortController();
beforeAll(async () => {
  place = await makePromotion();
  ({ digest } = await place.world.release("R-1", { environment: "PROD" }));
  ({ id: artifactId } = await db.artifact.findFirstOrThrow({ where: { digest } }));
  const actor = await place.world.actor("ops");
  await computePlan({ actor, release: "R-1", environment: "PROD" });
});
afterAll(() => place?.close());

const look = () => handleInspectJob(artifactId, signal);
const registries = async () =>
  (await getArtifact(await place.world.actor("dev"), { id: artifactId })).registries;
const jobs = async () => {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pgboss.job
    WHERE name = 'artifact.inspect' AND state < 'active' AND data->>'artifactId' = ${artifactId}`;
  return row?.count ?? 0;
};
const signatures = (verifiedBy: string[]) => ({
  keys: ["release"],
  signatures: [{ digest: "sha256:s", verifiedBy, problem: null }],
  sboms: [],
  provenance: [],
});
const scanned = (high: string[]) => ({
  state: "done",
  scanner: "Trivy",
  finishedAt: new Date().toISOString(),
  counts: { critical: 0, high: high.length, medium: 0, low: 0, negligible: 0, unknown: 0 },
  vulnerabilities: high.map((id) => ({
    id,
    severity: "high",
    package: "openssl",
    version: "3",
    fixedVersion: null,
    link: null,
  })),
});
/** What a strict policy finds in the image at a registry. */
async function found(host: string): Promise<string[]> {
  const { world } = place;
  const findings = await judgeImages(db, {
    projectId: world.projectId,
    environmentId: world.prod.id,
    policy: { ...NO_POLICY, requireSignature: true, maxSeverity: "medium" },
    images: [{ component: "api", image: `${host}/shop/api:R-1`, digest }],
    creatorId: world.people.dev,
    at: new Date(),
  });
  return findings.map(({ subject, reason }) => `${subject} ${reason}`);
}

test("a copy that is there is asked about in its own registry", async () => {
  await look();
  expect(await registries()).toMatchObject([{ built: true, goneSince: null, inspectProblem: null }]);
  expect(await dueArtifacts()).toEqual([]);
  for (const id of await unfinishedCopies()) expect(await handleCopyJob(id, signal)).toBeNull();
  expect(await jobs()).toBeGreaterThan(0);
  expect(await dueArtifacts()).toEqual([artifactId]);
  await look();
  expect(await registries()).toMatchObject([
    { built: true, environments: [], evidence: { signatures: [] } },
    {
      key: "prod",
      built: false,
      environments: ["PROD"],
      image: `${place.gate.host}/shop/api:R-1`,
      evidence: { signatures: [] },
      inspectProblem: null,
      goneSince: null,
    },
  ]);
  expect(await dueArtifacts()).toEqual([]);
});

test("one registry that is away hides nothing of the other", async () => {
  place.gate.rule(() => ({ status: 403 }));
  await db.imageCopy.updateMany({ data: { inspectedAt: null } });
  await look();
  place.gate.rule(null);
  expect(await registries()).toMatchObject([
    { built: true, inspectProblem: null },
    { key: "prod", inspectProblem: { failure: "forbidden" }, inspectedAt: null },
  ]);
  // Asked in vain a moment ago: not at once again, but for a person.
  expect(await dueArtifacts()).toEqual([]);
  const dev = await place.world.actor("dev");
  const stranger = { ...dev, rights: { ...dev.rights, projectRoles: {} } };
  await db.$executeRaw`DELETE FROM pgboss.job WHERE name = 'artifact.inspect'`;
  await expect(inspectArtifact({ actor: stranger, id: artifactId })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await inspectArtifact({ actor: dev, id: artifactId });
  expect(await jobs()).toBe(1);
  expect(await db.auditEntry.count({ where: { action: "artifact.inspect", subjectId: artifactId } })).toBe(1);
  await look();
  expect((await registries())[1]).toMatchObject({ inspectProblem: null, evidence: { signatures: [] } });
});

test("a policy goes by the registry it was built into and the one it is deployed from", async () => {
  const { world, gate } = place;
  const built = new URL(world.registry.url).host;
  const said = { inspectedAt: new Date(), evidence: signatures([]), scan: scanned([]) };
  await db.artifact.update({ where: { id: artifactId }, data: said });
  await db.imageCopy.updateMany({ data: { ...said, evidence: signatures(["release"]) } });
  // Signed in production's registry alone: that counts there, and nowhere else.
  expect(await found(gate.host)).toEqual([]);
  expect(await found(built)).toEqual(["signature untrusted"]);
  await db.imageCopy.updateMany({ data: { scan: scanned(["CVE-2026-1"]) } });
  expect(await found(gate.host)).toEqual(["CVE-2026-1 vulnerable"]);
  expect(await found(built)).toEqual(["signature untrusted"]);
  const { items } = await listArtifacts(await world.actor("dev"), {
    limit: 10,
    signed: "yes",
    severity: "high",
  });
  expect(items).toMatchObject([{ id: artifactId, signedBy: ["release"], counts: { high: 1 } }]);
  // A copy that is made again has said nothing yet.
  await db.imageCopy.updateMany({ data: { state: "copying" } });
  expect(await found(gate.host)).toEqual(["signature untrusted"]);
  await db.imageCopy.updateMany({ data: { state: "copied" } });
});

test("a registry that has lost the copy says so, and what it said stays", async () => {
  await place.forget(digest);
  await look();
  const [built, own] = await registries();
  expect(built?.goneSince).toBeNull();
  expect(own?.goneSince).not.toBeNull();
  expect(own?.evidence?.signatures).toHaveLength(1);
});

test("who may build has it copied again without another plan", async () => {
  const { world } = place;
  const [dev, tester] = [await world.actor("dev"), await world.actor("tester")];
  const where = { release: "R-1", environment: "PROD" };
  const [copy] = (await listImageCopies(dev, where)).items;
  if (!copy) throw new Error("there is no copy");
  expect(copy).toMatchObject({ state: "copied", goneSince: expect.any(String) });
  expect((await registries())[1]?.lostCopy).toBe(copy.id);
  expect((await getArtifact(tester, { id: artifactId })).registries[1]?.lostCopy).toBeNull();
  const plan = await db.plan.findFirstOrThrow({ where: { release: { number: "R-1" } } });
  const held = async () =>
    (await getPlan(dev, plan.digest)).blockers.filter(({ code }) => code === "IMAGE_NOT_PROMOTED");
  expect(await held()).toMatchObject([
    { facts: { copy: "lost" }, liftedBy: expect.arrayContaining(["ops"]) },
  ]);
  await expect(retryImageCopy({ actor: tester, id: copy.id })).rejects.toMatchObject({ code: "FORBIDDEN" });

  const again = await retryImageCopy({ actor: dev, id: copy.id });
  expect(again).toMatchObject({ state: "queued", goneSince: null, askedBy: { username: "dev" } });
  const told = { action: "image_copy.retry", subjectId: copy.id };
  expect((await db.auditEntry.findFirstOrThrow({ where: told })).data).toMatchObject({
    before: { state: "copied", goneSince: copy.goneSince },
  });
  for (const id of await unfinishedCopies()) expect(await handleCopyJob(id, signal)).toBeNull();
  expect(await held()).toEqual([]);
  expect((await registries())[1]).toMatchObject({ key: "prod", goneSince: null, lostCopy: null });
  await expect(retryImageCopy({ actor: dev, id: copy.id })).rejects.toMatchObject({
    blockers: [{ code: "WRONG_STATE" }],
  });
});
