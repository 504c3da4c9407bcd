import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { makeArtifact } from "#lib/artifacts/testing/place.ts";
import { connectRegistry, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { pushPackages } from "#sandbox/registry/packages.ts";
import { type RunningRegistry, startRegistry } from "#sandbox/registry/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { keptDigests, listKeptImages, reasonsToKeep } from "./queries.ts";
import { KEEP_LABEL } from "./reason-schema.ts";
import { handleKeepJob } from "./reconcile.ts";
import { keptImageQuerySchema } from "./schema.ts";
import { makeDeployment, makeEnvironment } from "./testing/history.ts";

await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "refract-kept-"));
const robot = { name: "robot$refract", secret: "s3cret" };
const repository = "quotes/quote-api";
let harbor: RunningRegistry;
let port = 0;
let world: Awaited<ReturnType<typeof makeArtifact>>;
let digest = "";
let admin: Actor;

const start = async () => {
  harbor = await startRegistry({ port, dataDir: folder, harbor: { robots: [robot] } });
  port = harbor.port;
};
const look = () => handleKeepJob(AbortSignal.timeout(30_000));
const rows = () => db.keptImage.findMany({ orderBy: { digest: "asc" } });
const labels = async () =>
  Object.fromEntries(
    ((await (await connectRegistry(world.registry.id)).list(repository)) ?? []).map((one) => [
      one.digest,
      one.labels,
    ]),
  );
const list = (actor: Actor, query: object = {}) => listKeptImages(actor, keptImageQuerySchema.parse(query));
const end = (state: string) => db.release.update({ where: { id: world.release.id }, data: { state } });
/** The ten minutes after a refusal are over. */
const later = () =>
  db.$executeRaw`UPDATE "KeptImage" SET problem = jsonb_set(problem, '{at}', to_jsonb('2026-01-01T00:00:00Z'::text)) WHERE problem IS NOT NULL`;

beforeAll(async () => {
  await start();
  digest = await pushPackages({ registryUrl: harbor.url, repository, tag: "R1" }, { libssl3: "3.0.17-1" });
  world = await makeArtifact({
    registryUrl: harbor.url,
    image: `${new URL(harbor.url).host}/${repository}:R1`,
    digest,
  });
  await db.registry.update({
    where: { id: world.registry.id },
    data: {
      kind: "harbor",
      username: robot.name,
      passwordEncrypted: encryptSecret(robot.secret, secretContext.registry(world.registry.id)),
    },
  });
  const user = await db.user.create({
    data: { username: "admin", displayName: "管理员", globalRoles: ["admin"] },
  });
  const found = await loadActor(user.id);
  if (!found) throw new Error("no admin");
  admin = found;
});
afterAll(async () => {
  await harbor.close();
  await rm(folder, { recursive: true, force: true });
});

describe("kept images", () => {
  test("are labelled in Harbor, which is audited once", async () => {
    expect(await look()).toBeNull();
    expect(await labels()).toEqual({ [digest]: [KEEP_LABEL] });
    expect((await list(admin)).items).toMatchObject([
      {
        repository,
        digest,
        registry: "main",
        label: "set",
        reasons: [{ reason: "flow", release: "R-2026-0001" }],
      },
    ]);
    await look();
    const entries = await db.auditEntry.findMany({ where: { action: "kept-image.label" } });
    expect(entries).toMatchObject([
      { subjectId: "main", data: { on: [`${repository}@${digest}`], off: [] } },
    ]);
  });

  test("lose their label when nothing needs them any more, and are needed again as if nothing had been", async () => {
    await end("abandoned");
    await look();
    expect(await labels()).toEqual({ [digest]: [] });
    expect(await rows()).toEqual([]);
    await end("built");
    await look();
    expect(await labels()).toEqual({ [digest]: [KEEP_LABEL] });
  });

  test("get their label back when somebody took it off, a day later at the latest", async () => {
    const registry = await connectRegistry(world.registry.id);
    await registry.label({ repository, digest }, KEEP_LABEL, false);
    await look();
    expect(await labels()).toEqual({ [digest]: [] });
    await db.keptImage.updateMany({ data: { labelledAt: new Date(Date.now() - 2 * 86_400_000) } });
    await look();
    expect(await labels()).toEqual({ [digest]: [KEEP_LABEL] });
  });

  test("of a Harbor that does not answer wait, with the cause told, and are not asked about at once again", async () => {
    await db.keptImage.updateMany({ data: { labelledAt: null } });
    await harbor.close();
    await look();
    expect((await list(admin)).items).toMatchObject([
      { label: "failed", problem: { failure: "unreachable" } },
    ]);
    await start();
    await look();
    expect((await list(admin, { label: "failed" })).total).toBe(1);
    await later();
    await look();
    expect((await list(admin, { label: "set" })).total).toBe(1);
    expect(await labels()).toEqual({ [digest]: [KEEP_LABEL] });
  });

  test("whose end comes while Harbor is away lose their label when it is back", async () => {
    await harbor.close();
    await end("abandoned");
    await look();
    expect((await list(admin)).total).toBe(0);
    expect(await rows()).toMatchObject([{ digest, problem: { failure: "unreachable" } }]);
    await start();
    await later();
    await look();
    expect(await rows()).toEqual([]);
    expect(await labels()).toEqual({ [digest]: [] });
    await end("built");
    await look();
  });

  test("an account that may not label is told beside every image, and a right one mends it", async () => {
    const wrong = encryptSecret("wrong", secretContext.registry(world.registry.id));
    const right = (await db.registry.findUniqueOrThrow({ where: { key: "main" } })).passwordEncrypted;
    await db.registry.update({ where: { key: "main" }, data: { passwordEncrypted: wrong } });
    await db.keptImage.updateMany({ data: { labelledAt: null } });
    await look();
    expect((await list(admin)).items).toMatchObject([
      { label: "failed", problem: { failure: "unauthorized" } },
    ]);
    await db.registry.update({ where: { key: "main" }, data: { passwordEncrypted: right } });
    await later();
    await look();
    expect((await list(admin)).items).toMatchObject([{ label: "set", problem: null }]);
  });

  test("that Harbor does not have are said to be missing, the others are labelled", async () => {
    const prod = await makeEnvironment(world, "PROD", 30);
    const missing = `sha256:${"9".repeat(64)}`;
    const image = `${new URL(harbor.url).host}/${repository}:R0`;
    await makeDeployment(world, prod, {
      number: "R0",
      image,
      digest: missing,
      state: "succeeded",
      runs: true,
    });
    await db.keptImage.updateMany({ data: { labelledAt: null } });
    await look();
    const { items } = await list(admin, { search: missing.slice(0, 20) });
    expect(items).toMatchObject([{ digest: missing, label: "failed", problem: { failure: "missing" } }]);
    expect(await labels()).toEqual({ [digest]: [KEEP_LABEL] });
  });

  test("of a registry without labels say so, and are listed for its own cleanup", async () => {
    await db.registry.update({ where: { key: "main" }, data: { kind: "oci" } });
    await look();
    expect((await list(admin, { label: "none" })).total).toBe(2);
    expect((await keptDigests(admin, "main")).trim().split("\n")).toEqual(
      [`${repository}@sha256:${"9".repeat(64)}`, `${repository}@${digest}`].toSorted(),
    );
    await end("abandoned");
    // The text is worked out when it is asked for.
    expect(await keptDigests(admin, "main")).not.toContain(digest);
    await end("built");
    await db.registry.update({ where: { key: "main" }, data: { kind: "harbor" } });
    await look();
    expect((await list(admin, { label: "set" })).total).toBe(1);
  });

  test("are seen by whoever sees their projects; a list to spare by is given whole or not at all", async () => {
    expect((await list(world.dev)).items).toHaveLength(2);
    expect(await list(world.stranger)).toMatchObject({ items: [], total: 0 });
    expect(await reasonsToKeep(world.dev, digest)).toMatchObject([{ reason: "flow" }]);
    expect(await reasonsToKeep(world.stranger, digest)).toEqual([]);
    await expect(keptDigests(world.dev, "main")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(keptDigests(admin, "nowhere")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("are found by reason, environment, project and registry, page by page", async () => {
    expect((await list(admin, { reason: "runs" })).total).toBe(1);
    expect((await list(admin, { environment: "PROD" })).total).toBe(1);
    // One and the same reason has to be of that environment.
    expect((await list(admin, { environment: "PROD", reason: "flow" })).total).toBe(0);
    expect((await list(admin, { project: "trading" })).total).toBe(0);
    expect((await list(admin, { registry: "main", search: "QUOTE" })).total).toBe(2);
    expect((await list(admin, { search: "%" })).total).toBe(0);
    const first = await list(admin, { limit: 1 });
    expect(first).toMatchObject({ items: [{}], total: 2 });
    const second = await list(admin, { limit: 1, cursor: first.nextCursor });
    expect(second.nextCursor).toBeNull();
    expect(second.items[0]?.digest).not.toBe(first.items[0]?.digest);
    await expect(list(admin, { cursor: "x" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("five thousand that nothing needs end in one look", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      registryId: world.registry.id,
      repository: `many/app-${index % 50}`,
      digest: `sha256:${index.toString(16).padStart(64, "0")}`,
      reasons: [],
    }));
    await db.keptImage.createMany({ data: many });
    await db.registry.update({ where: { key: "main" }, data: { kind: "oci" } });
    await look();
    expect((await rows()).length).toBe(2);
  });
});
