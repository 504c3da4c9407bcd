import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { type RunningRegistry, startRegistry } from "#sandbox/registry/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listRegistries } from "./queries.ts";
import { createRegistrySchema, updateRegistrySchema } from "./schema.ts";
import { checkRegistry, createRegistry, deleteRegistry, updateRegistry } from "./service.ts";

await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "refract-registries-"));
const robot = { username: "robot", password: "s3cret-of-robot" };
let guarded: RunningRegistry;
let open: RunningRegistry;
let admin: Actor;
let reader: Actor;

beforeAll(async () => {
  const account = { user: robot.username, password: robot.password };
  guarded = await startRegistry({ port: 0, dataDir: join(folder, "guarded"), ...account });
  open = await startRegistry({ port: 0, dataDir: join(folder, "open") });
  const person = async (username: string, globalRoles: string[]): Promise<Actor> => {
    const { id } = await db.user.create({ data: { username, displayName: username, globalRoles } });
    const found = await loadActor(id);
    if (!found) throw new Error(`${username} is gone`);
    return found;
  };
  admin = await person("admin", ["admin"]);
  reader = await person("reader", []);
});
afterAll(async () => {
  await Promise.all([guarded?.close(), open?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const create = (input: Record<string, unknown>, actor = admin) =>
  createRegistry({ actor, ...createRegistrySchema.parse({ name: "Images", ...input }) });
const update = (input: Record<string, unknown>, actor = admin) =>
  updateRegistry({ actor, registry: "main", ...updateRegistrySchema.parse(input) });
const check = () => checkRegistry({ actor: admin, registry: "main" });
const stored = () => db.registry.findUniqueOrThrow({ where: { key: "main" } });
const failed = ({ findings }: { findings: { code: string; ok: boolean }[] }) =>
  findings.filter(({ ok }) => !ok).map(({ code }) => code);
const NOTHING = { components: [], environments: [], bases: [], keptImages: 0, policies: [] };
const lastAudit = () => db.auditEntry.findFirstOrThrow({ orderBy: { seq: "desc" } });

describe("an image registry", () => {
  test("is registered by admins only, once per key", async () => {
    const wrong = { key: "main", url: guarded.url, username: robot.username, password: "wrong" };
    await expect(create(wrong, reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(listRegistries(reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await create(wrong)).toMatchObject({ checkedAt: null, findings: [], uses: NOTHING, version: 1 });
    await expect(create(wrong)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("is checked, and what was found is kept", async () => {
    expect(failed(await check())).toEqual(["REGISTRY_CREDENTIAL"]);
    const [listed] = (await listRegistries(admin)).items;
    expect(listed && failed(listed)).toEqual(["REGISTRY_CREDENTIAL"]);
    expect(listed?.checkedAt).not.toBeNull();
    expect(await lastAudit()).toMatchObject({
      action: "registry.check",
      data: { failed: ["REGISTRY_CREDENTIAL"] },
    });
  });

  test("gets another credential, and is another version", async () => {
    await expect(update({ version: 1, credential: robot }, reader)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const after = await update({ version: 1, credential: robot });
    expect(after).toMatchObject({ username: "robot", version: 2, findings: [], checkedAt: null });
    expect(failed(await check())).toEqual([]);
    await expect(update({ version: 1, name: "late" })).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
  });

  test("keeps the credential and the findings when it is only renamed", async () => {
    const before = await stored();
    expect(await update({ version: 2, name: "Main" })).toMatchObject({ name: "Main", version: 3 });
    expect(await stored()).toMatchObject({
      passwordEncrypted: before.passwordEncrypted,
      checkedAt: before.checkedAt,
    });
    await (await connectRegistry(before.id)).ping();
  });

  test("at another address does not take the credential along", async () => {
    const moved = await update({ version: 3, url: open.url });
    expect(moved).toMatchObject({ url: open.url, username: null, findings: [], checkedAt: null });
    expect((await stored()).passwordEncrypted).toBeNull();
    expect(await lastAudit()).toMatchObject({ action: "registry.update", data: { credential: "dropped" } });
    expect(failed(await check())).toEqual([]);
    const back = await update({ version: 4, url: guarded.url, credential: robot });
    expect(back.username).toBe("robot");
    expect(failed(await check())).toEqual([]);
  });

  test("that is said to be a Harbor is asked as one; what a plain registry was refused is tried again", async () => {
    const { id } = await stored();
    const problem = { failure: "no_labels", message: "", at: new Date().toISOString() };
    await db.keptImage.create({
      data: { registryId: id, repository: "quotes/app", digest: "sha256:1", reasons: [], problem },
    });
    const harbor = await update({ version: 5, kind: "harbor" });
    expect(harbor).toMatchObject({ kind: "harbor", username: "robot", findings: [], checkedAt: null });
    expect(failed(await check())).toEqual(["HARBOR_API"]);
    expect(await db.keptImage.findFirstOrThrow()).toMatchObject({ problem: null });
    expect(await update({ version: 6, kind: "oci" })).toMatchObject({ kind: "oci", findings: [] });
    expect(failed(await check())).toEqual([]);
  });

  test("that does not answer is a finding, not an error", async () => {
    await update({ version: 7, url: "http://127.0.0.1:9" });
    expect(failed(await check())).toEqual(["REGISTRY_REACHABLE"]);
  });

  test("is not forgotten while something needs it, and tells all of it at once", async () => {
    const remove = (actor = admin) => deleteRegistry({ actor, registry: "main" });
    const { id: registryId } = await stored();
    const kept = { registryId, repository: "quotes/app", digest: "sha256:1" };
    const base = await db.baseImage.create({
      data: { key: "node", name: "Node.js", registryId, repository: "base/node" },
    });
    const environment = await db.environment.create({
      data: {
        key: "PROD",
        name: "PROD",
        rank: 9,
        kind: "controlled",
        registryId,
        imagePolicy: { create: { allowedRegistries: ["main", "other"] } },
      },
    });
    await expect(remove(reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(remove()).rejects.toMatchObject({
      code: "BLOCKED",
      blockers: [
        { code: "REGISTRY_OF_ENVIRONMENTS", facts: { count: 1, names: "PROD" } },
        { code: "REGISTRY_OF_BASES", facts: { count: 1, names: "node" } },
        { code: "REGISTRY_IN_POLICIES", facts: { count: 1, names: "PROD" } },
        { code: "REGISTRY_KEEPS_IMAGES", facts: { count: 1 } },
      ],
    });
    const [listed] = (await listRegistries(admin)).items;
    expect(listed?.uses).toEqual({
      components: [],
      environments: ["PROD"],
      bases: ["node"],
      keptImages: 1,
      policies: ["PROD"],
    });
    await db.baseImage.delete({ where: { id: base.id } });
    await db.environment.delete({ where: { id: environment.id } });
    await db.keptImage.update({
      where: { registryId_repository_digest: kept },
      data: { endedAt: new Date() },
    });
    await remove();
    expect((await listRegistries(admin)).items).toEqual([]);
    expect(await lastAudit()).toMatchObject({
      action: "registry.delete",
      subjectId: "main",
      actorName: "admin",
    });
    await expect(remove()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
