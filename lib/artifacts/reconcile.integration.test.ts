import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { seedBaseImages } from "#sandbox/registry/base-images.ts";
import { startRegistry } from "#sandbox/registry/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { artifactContentSchema, artifactEvidenceSchema, inspectProblemSchema } from "./content.ts";
import { dueArtifacts, handleInspectJob } from "./reconcile.ts";
import { makeArtifact } from "./testing/place.ts";

await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "refract-artifacts-"));
const registry = await startRegistry({ port: 0, dataDir: folder });
let place: Awaited<ReturnType<typeof makeArtifact>>;
beforeAll(async () => {
  await seedBaseImages(registry.url);
  const image = `${new URL(registry.url).host}/base/node:24`;
  place = await makeArtifact({ registryUrl: registry.url, image, digest: `sha256:${"0".repeat(64)}` });
  const client = await connectRegistry(place.registry.id);
  const digest = await client.resolve({ repository: "base/node", reference: "24" });
  if (!digest) throw new Error("no base image");
  await db.artifact.update({ where: { id: place.artifactId }, data: { digest } });
});
afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});
const look = () => handleInspectJob(place.artifactId, new AbortController().signal);
const row = () => db.artifact.findUniqueOrThrow({ where: { id: place.artifactId } });
const update = (data: Parameters<typeof db.artifact.update>[0]["data"]) =>
  db.artifact.update({ where: { id: place.artifactId }, data });

test("a new artifact is due, and not any more once the registry was asked", async () => {
  expect(await dueArtifacts()).toEqual([place.artifactId]);
  expect(await look()).toBeNull();
  const { content, evidence, inspectedAt, inspectProblem } = await row();
  expect(artifactContentSchema.parse(content).layers.length).toBeGreaterThan(0);
  expect(artifactEvidenceSchema.parse(evidence)).toMatchObject({ keys: [], signatures: [] });
  expect(inspectedAt).not.toBeNull();
  expect(inspectProblem).toBeNull();
  expect(await dueArtifacts()).toEqual([]);
});

test("due again after a day, with a new key, when one is revoked, and while the scanner is at work", async () => {
  const dayAgo = new Date(Date.now() - 25 * 3_600_000);
  await update({ inspectedAt: dayAgo });
  expect(await dueArtifacts()).toHaveLength(1);
  await look();
  const publicKey = generateKeyPairSync("ed25519")
    .publicKey.export({ type: "spki", format: "pem" })
    .toString();
  await db.signingKey.create({ data: { key: "release", name: "release", publicKey } });
  expect(await dueArtifacts()).toHaveLength(1);
  await look();
  expect(artifactEvidenceSchema.parse((await row()).evidence).keys).toEqual(["release"]);
  expect(await dueArtifacts()).toEqual([]);
  await db.$executeRaw`UPDATE "SigningKey" SET "revokedAt" = clock_timestamp()`;
  expect(await dueArtifacts()).toHaveLength(1);
  await look();
  expect(artifactEvidenceSchema.parse((await row()).evidence).keys).toEqual([]);
  await update({ scan: { state: "running" }, inspectedAt: new Date(Date.now() - 120_000) });
  expect(await dueArtifacts()).toHaveLength(1);
  await look();
  expect(await dueArtifacts()).toEqual([]);
});

test("an image that is gone says so and keeps what it was made of", async () => {
  const { digest, content } = await row();
  const known = artifactContentSchema.parse(content);
  await update({ digest: `sha256:${"0".repeat(64)}` });
  await look();
  const gone = artifactContentSchema.parse((await row()).content);
  expect(gone.goneSince).not.toBeNull();
  expect(gone.layers).toEqual(known.layers);
  await update({ digest });
  await look();
  expect(artifactContentSchema.parse((await row()).content).goneSince).toBeNull();
});

test("a registry that is away: what was known stays, and it is not asked again at once", async () => {
  await db.registry.update({ where: { key: "main" }, data: { url: "http://127.0.0.1:1" } });
  await update({ inspectedAt: null });
  expect(await look()).toBeNull();
  const { content, inspectProblem } = await row();
  expect(artifactContentSchema.parse(content).layers.length).toBeGreaterThan(0);
  const problem = inspectProblemSchema.parse(inspectProblem);
  expect(problem.failure).toBe("unreachable");
  expect(await dueArtifacts()).toEqual([]);
  const at = new Date(Date.now() - 11 * 60_000).toISOString();
  await update({ inspectProblem: { ...problem, at } });
  expect(await dueArtifacts()).toEqual([place.artifactId]);
  await db.registry.update({ where: { key: "main" }, data: { url: registry.url } });
  await look();
  expect((await row()).inspectProblem).toBeNull();
});
