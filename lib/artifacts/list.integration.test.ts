import { beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listArtifacts } from "./list.ts";
import { artifactListQuerySchema } from "./schema.ts";
import { makeArtifact } from "./testing/place.ts";

await testDatabase();
const digest = (of: string) => `sha256:${of.repeat(64)}`;
let place: Awaited<ReturnType<typeof makeArtifact>>;
beforeAll(async () => {
  place = await makeArtifact({
    registryUrl: "http://registry.test",
    image: "registry.test/quotes/quote-api:R-2026-0001",
    digest: digest("a"),
  });
});
const list = async (query: z.input<typeof artifactListQuerySchema> = {}, actor = place.dev) =>
  (await listArtifacts(actor, artifactListQuerySchema.parse(query))).items.length;
const update = (data: Parameters<typeof db.artifact.update>[0]["data"]) =>
  db.artifact.update({ where: { id: place.artifactId }, data });

test("of projects that one may read, by project, component, digest or name", async () => {
  expect(await list({}, place.stranger)).toBe(0);
  const { items } = await listArtifacts(place.dev, artifactListQuerySchema.parse({}));
  expect(items).toMatchObject([
    { component: "quote-api", signedBy: null, counts: null, base: null, gone: false, digest: digest("a") },
  ]);
  expect(await list({ project: "quotes", component: "quote-api" })).toBe(1);
  expect(await list({ project: "trading" })).toBe(0);
  expect(await list({ component: "quote" })).toBe(0);
  for (const q of ["aaaa", digest("a"), "sha256:aaaaa", "QUOTES/quote", "R-2026"])
    expect(await list({ q })).toBe(1);
  for (const q of ["bbbb", "aaa%", "quote_api", "\\"]) expect(await list({ q })).toBe(0);
});

test("pages go on below the last one", async () => {
  const { items, nextCursor } = await listArtifacts(place.dev, artifactListQuerySchema.parse({ limit: "1" }));
  expect(nextCursor).toBeNull();
  expect(await list({ cursor: items[0]?.id })).toBe(0);
});

test("by signature", async () => {
  const evidence = (verifiedBy: string[]) => ({
    keys: ["release"],
    signatures: [{ digest: digest("5"), verifiedBy, problem: null }],
    sboms: [],
    provenance: [],
  });
  expect([await list({ signed: "yes" }), await list({ signed: "no" })]).toEqual([0, 1]);
  await update({ evidence: evidence([]) });
  expect([await list({ signed: "yes" }), await list({ signed: "no" })]).toEqual([0, 1]);
  await update({ evidence: evidence(["release"]) });
  expect([await list({ signed: "yes" }), await list({ signed: "no" })]).toEqual([1, 0]);
});

test("by the worst that was found", async () => {
  const scan = (state: string, found: object, vulnerabilities: object[] = []) => ({
    state,
    scanner: "Trivy",
    finishedAt: null,
    counts: { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0, ...found },
    vulnerabilities,
  });
  const fits = async () => {
    const all = ["critical", "high", "medium", "clean", "unscanned"] as const;
    const counts = await Promise.all(all.map((severity) => list({ severity })));
    return all.filter((_, index) => counts[index] === 1);
  };
  expect(await fits()).toEqual(["unscanned"]);
  await update({ scan: scan("running", {}) });
  expect(await fits()).toEqual(["unscanned"]);
  await update({ scan: scan("done", {}) });
  expect(await fits()).toEqual(["clean"]);
  const one = { id: "CVE-1", severity: "high", package: "a", version: "1", fixedVersion: null, link: null };
  await update({ scan: scan("done", { high: 1 }, [one]) });
  expect(await fits()).toEqual(["high", "medium"]);
  await update({ scan: Prisma.DbNull });
});

test("by its base, and whether that has moved on", async () => {
  const base = await db.baseImage.create({
    data: {
      key: "node",
      name: "Node",
      registryId: place.registry.id,
      repository: "base/node",
      digest: digest("1"),
      versions: { create: { digest: digest("1"), layers: ["d1"] } },
    },
    include: { versions: true },
  });
  expect([await list({ base: "node" }), await list({ behind: "true" })]).toEqual([0, 0]);
  await update({ baseVersionId: base.versions[0]?.id ?? "" });
  expect([await list({ base: "node" }), await list({ behind: "true" })]).toEqual([1, 0]);
  await db.baseImage.update({ where: { id: base.id }, data: { digest: digest("2") } });
  expect([await list({ base: "node" }), await list({ behind: "true" })]).toEqual([1, 1]);
  expect(await list({ behind: "false" })).toBe(1);
});
