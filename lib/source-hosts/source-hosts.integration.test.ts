import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listSourceHosts } from "./queries.ts";
import { createSourceHostSchema, updateSourceHostSchema } from "./schema.ts";
import { checkSourceHost, createSourceHost, updateSourceHost } from "./service.ts";

await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "refract-source-hosts-"));
const PASSWORD = "s3cret-of-robot";
let git: RunningGit;
let elsewhere: RunningGit;
let admin: Actor;
let reader: Actor;

beforeAll(async () => {
  const dataDir = join(folder, "data");
  await seedRepositories({ dataDir });
  [git, elsewhere] = await Promise.all([
    startGit({ port: 0, dataDir, user: "robot", password: PASSWORD }),
    startGit({ port: 0, dataDir, user: "robot", password: PASSWORD }),
  ]);
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
  await Promise.all([git?.close(), elsewhere?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const hostOf = (server: RunningGit) => new URL(server.url).host;
const urlAt = (server: RunningGit) => `${server.url}/quote-api.git`;
const robot = (password: string) => ({ kind: "password", username: "robot", password });
const create = (input: Record<string, unknown>, actor = admin) =>
  createSourceHost({ actor, ...createSourceHostSchema.parse({ name: "Git", ...input }) });
const update = async (input: Record<string, unknown>) =>
  updateSourceHost({ actor: admin, sourceHost: "git", ...updateSourceHostSchema.parse(input) });
const check = () => checkSourceHost({ actor: admin, sourceHost: "git" });
const projectOf = (key: string) => db.project.findUniqueOrThrow({ where: { key } });
const stored = () => db.sourceHost.findUniqueOrThrow({ where: { key: "git" } });
const branches = (server: RunningGit, project = "quotes") =>
  sourceHost(project).refs({ gitUrl: urlAt(server), kind: "branch", limit: 1 });

describe("a Git host", () => {
  test("is registered by admins only, once per key and host", async () => {
    const host = hostOf(git);
    await expect(create({ key: "git", host }, reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(listSourceHosts(reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await create({ key: "git", host, credential: robot("wrong") })).toMatchObject({
      host,
      credentialKind: "password",
      username: "robot",
      components: 0,
    });
    await expect(create({ key: "git", host: "a.example.com" })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(create({ key: "other", host: host.toUpperCase() })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await db.sourceHost.count()).toBe(1);
  });

  test("that no component uses says so", async () => {
    expect(await check()).toMatchObject({ findings: [{ code: "GIT_UNUSED", ok: false }] });
  });

  test("is asked with the credential that is stored, and with a new one at once", async () => {
    const project = await db.project.create({ data: { key: "quotes", name: "Quotes" } });
    const server = { url: "http://127.0.0.1:9", name: "x" };
    const { id: buildServerId } = await db.buildServer.create({
      data: { ...server, key: "ci", username: "u", tokenEncrypted: "", jobName: "j" },
    });
    const { id: registryId } = await db.registry.create({ data: { ...server, key: "images" } });
    await db.component.create({
      data: {
        projectId: project.id,
        key: "quote-api",
        name: "Quote API",
        gitUrl: urlAt(git),
        buildServerId,
        registryId,
      },
    });
    await expect(branches(git)).rejects.toMatchObject({ failure: "unauthorized" });
    expect(await check()).toMatchObject({ components: 1, findings: [{ code: "GIT_CREDENTIAL", ok: false }] });

    const { version } = await stored();
    expect(await update({ version, credential: robot(PASSWORD) })).toMatchObject({
      findings: [],
      checkedAt: null,
    });
    expect((await branches(git)).items).toHaveLength(1);
    expect(await check()).toMatchObject({
      findings: [{ code: "GIT_REPOSITORY", ok: true, message: urlAt(git) }],
      checkedAt: expect.any(String),
    });
    await expect(branches(elsewhere)).rejects.toMatchObject({ failure: "unauthorized" });
  });

  test("lends its credential to the projects that it names, and to nobody else", async () => {
    const scope = async (projects: string[]) => update({ version: (await stored()).version, projects });
    await expect(scope(["nowhere"])).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await db.project.create({ data: { key: "others", name: "Others" } });
    expect(await scope(["quotes"])).toMatchObject({ projects: ["quotes"] });
    const { items } = await branches(git);
    await expect(branches(git, "others")).rejects.toMatchObject({
      failure: "forbidden",
      retryable: false,
      message: "the credential of Git host git is not for project others",
    });
    // Not even what has been fetched with it: a whole id is answered from the mirror, without the server.
    const ref = items[0]?.commit ?? "";
    const commit = (project: string) => sourceHost(project).resolve({ gitUrl: urlAt(git), ref });
    expect(await commit("quotes")).toMatchObject({ commit: ref });
    await expect(commit("others")).rejects.toMatchObject({ failure: "forbidden" });
    expect(await check()).toMatchObject({
      findings: [{ code: "GIT_REPOSITORY", ok: true }],
    });
    await db.component.updateMany({ data: { projectId: (await projectOf("others")).id } });
    expect(await check()).toMatchObject({
      findings: [
        { code: "GIT_REPOSITORY", ok: true },
        { code: "GIT_PROJECTS", ok: false, message: "others" },
      ],
    });
    await db.component.updateMany({ data: { projectId: (await projectOf("quotes")).id } });
    await scope([]);
    expect((await branches(git, "others")).items).toHaveLength(1);
  });

  test("is renamed without the credential, by who saw its last version", async () => {
    const { version, credentialEncrypted } = await stored();
    await expect(update({ version: version - 1, name: "Late" })).rejects.toMatchObject({
      code: "VERSION_CONFLICT",
    });
    expect(await update({ version, name: "Repositories" })).toMatchObject({ name: "Repositories" });
    expect((await stored()).credentialEncrypted).toBe(credentialEncrypted);
    expect((await branches(git)).items).toHaveLength(1);
  });

  test("somewhere else does not get the credential of the former place", async () => {
    const { version } = await stored();
    expect(await update({ version, host: hostOf(elsewhere) })).toMatchObject({
      host: hostOf(elsewhere),
      credentialKind: "none",
      username: null,
      findings: [],
    });
    expect(await stored()).toMatchObject({ credentialEncrypted: null, sshKnownHosts: null });
    await expect(branches(elsewhere)).rejects.toMatchObject({ failure: "unauthorized" });
    await expect(branches(git)).rejects.toMatchObject({ failure: "unauthorized" });
  });

  test("tells nobody its secrets: neither answers, rows, findings nor the audit", async () => {
    const { version } = await stored();
    await update({ version, host: hostOf(git), credential: robot(PASSWORD) });
    await check();
    const told = JSON.stringify([
      await listSourceHosts(admin),
      await stored(),
      await db.auditEntry.findMany({ where: { subject: "source-host" }, select: { data: true } }),
    ]);
    expect(told).toContain("robot");
    expect(told).not.toContain(PASSWORD);
    expect(told).not.toContain(Buffer.from(`robot:${PASSWORD}`).toString("base64"));
    const actions = await db.auditEntry.findMany({ where: { subjectId: "git" }, select: { action: true } });
    expect(new Set(actions.map(({ action }) => action))).toEqual(
      new Set(["source-host.create", "source-host.update", "source-host.check"]),
    );
  });

  test("with an API is asked by that, and its check says what the API is and shows", async () => {
    const apiUrl = `${git.url}/api/v1`;
    const changed = await update({ version: (await stored()).version, kind: "gitea", apiUrl: `${apiUrl}/` });
    // On the machine that the credential is for, it stays.
    expect(changed).toMatchObject({
      kind: "gitea",
      apiUrl,
      credentialKind: "password",
      webhookSecret: false,
    });
    expect(changed.webhookUrl).toMatch(/\/api\/v1\/webhooks\/git$/);
    const codes = async () => {
      const { findings } = await check();
      return findings.map(({ code, ok }) => `${code} ${ok}`);
    };
    // An API knows repositories by owner and name; Git answers for the others.
    expect(await codes()).toEqual([
      "GIT_REPOSITORY true",
      "API_REACHABLE true",
      "API_USER true",
      "API_REPOSITORY false",
    ]);
    await db.component.updateMany({ data: { gitUrl: `${git.url}/demo/quote-api.git` } });
    expect(await codes()).toEqual(["GIT_REPOSITORY true", "API_REACHABLE true", "API_USER true"]);
    const main = { gitUrl: `${git.url}/demo/quote-api.git`, ref: "main" };
    const byApi = await sourceHost("quotes").resolve(main);
    git.limitApi({ left: 0, resetAt: Date.now() + 60_000 });
    expect(await codes()).toContain("API_LIMIT false");
    expect(await sourceHost("quotes").resolve(main)).toEqual(byApi);
    git.limitApi(null);
  });

  test("keeps its credential from an API on another machine, and sends none unencrypted", async () => {
    const { version } = await stored();
    await expect(update({ version, apiUrl: "http://gitea.example.com/api/v1" })).rejects.toThrow("https");
    await expect(update({ version, apiUrl: "https://robot:x@gitea.example.com" })).rejects.toThrow("https");
    expect(await update({ version, apiUrl: "https://gitea.example.com/api/v1" })).toMatchObject({
      credentialKind: "none",
    });
    expect(await stored()).toMatchObject({ credentialEncrypted: null });
    expect(await update({ version: version + 1, kind: "git" })).toMatchObject({ kind: "git", apiUrl: null });
  });

  test("with an SSH key is asked by its API anonymously, and says so, until it has a token for that", async () => {
    const apiUrl = `${git.url}/api/v1`;
    const { privateKey } = generateKeyPairSync("ed25519", {
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const knownHosts = `${hostOf(git)} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtZ0T3kN0k0m1n2o3p4q5r6s7t8u9v0w1x2y3z4A5B6`;
    const key = { kind: "ssh-key", privateKey, knownHosts };
    const next = async (input: Record<string, unknown>) =>
      update({ version: (await stored()).version, ...input });
    expect(await next({ kind: "gitea", apiUrl, credential: key })).toMatchObject({ apiToken: false });
    const api = async () => {
      const { findings } = await check();
      return findings.flatMap(({ code, ok }) => (code.startsWith("API_") ? [`${code} ${ok}`] : []));
    };
    expect(await api()).toEqual(["API_REACHABLE true", "API_ANONYMOUS false", "API_REPOSITORY false"]);
    const main = { gitUrl: `${git.url}/demo/quote-api.git`, ref: "main" };
    await expect(sourceHost("quotes").resolve(main)).rejects.toMatchObject({ failure: "unauthorized" });
    expect(await next({ apiToken: PASSWORD })).toMatchObject({ apiToken: true, findings: [] });
    expect(await api()).toEqual(["API_REACHABLE true", "API_USER true"]);
    expect(await sourceHost("quotes").resolve(main)).toMatchObject({ kind: "branch" });
    expect(await next({ name: "Renamed" })).toMatchObject({ apiToken: true });
    const told = JSON.stringify([
      await listSourceHosts(admin),
      await stored(),
      await db.auditEntry.findMany({ where: { subject: "source-host" }, select: { data: true } }),
    ]);
    expect(told).not.toContain(PASSWORD);
    // Taken away again, on record, with the key left where it is.
    expect(await next({ apiToken: null })).toMatchObject({
      apiToken: false,
      credentialKind: "ssh-key",
      findings: [],
    });
    expect((await stored()).apiTokenEncrypted).toBeNull();
    const [entry] = await db.auditEntry.findMany({
      where: { action: "source-host.update" },
      orderBy: { seq: "desc" },
    });
    expect(entry?.data).toMatchObject({ after: { apiToken: "none" }, credential: "kept" });
    expect(await api()).toContain("API_ANONYMOUS false");
    expect(await next({ apiToken: PASSWORD })).toMatchObject({ apiToken: true });
    // It is for this API alone, and beside a key alone.
    expect(await next({ apiUrl: `${elsewhere.url}/api/v1` })).toMatchObject({ apiToken: false });
    expect(await next({ apiToken: PASSWORD })).toMatchObject({ apiToken: true });
    expect(await next({ credential: { kind: "none" } })).toMatchObject({ apiToken: false });
    expect(await next({ apiToken: PASSWORD })).toMatchObject({ apiToken: false });
    expect((await stored()).apiTokenEncrypted).toBeNull();
  });
});
