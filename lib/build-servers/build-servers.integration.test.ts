import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { connectBuildServer } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import en from "#lib/i18n/messages/en/build-servers.json" with { type: "json" };
import { type RunningJenkins, startJenkins } from "#sandbox/jenkins/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { createCommand, readBuildJob } from "./job.ts";
import { listBuildServers } from "./queries.ts";
import { type BuildServerDto, createBuildServerSchema, updateBuildServerSchema } from "./schema.ts";
import { checkBuildServer, createBuildServer, updateBuildServer } from "./service.ts";

await testDatabase();
const dataDir = await mkdtemp(join(tmpdir(), "refract-build-servers-"));
const TOKEN = "11aa22bb33cc44dd55ee66ff7788990011";
const PASSWORD = "pass word of admin";
let jenkins: RunningJenkins;
let admin: Actor;
let reader: Actor;

beforeAll(async () => {
  jenkins = await startJenkins({ port: 0, dataDir, user: "admin", token: TOKEN, password: PASSWORD });
  const person = async (username: string, globalRoles: string[]): Promise<Actor> => {
    const { id } = await db.user.create({ data: { username, displayName: username, globalRoles } });
    const found = await loadActor(id);
    if (!found) throw new Error(`${username} is gone`);
    return found;
  };
  admin = await person("root", ["admin"]);
  reader = await person("reader", []);
  await db.project.create({ data: { key: "quotes", name: "Quotes" } });
});
afterAll(async () => {
  await jenkins?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const create = (input: Record<string, unknown>, actor = admin) =>
  createBuildServer({
    actor,
    ...createBuildServerSchema.parse({ key: "main", name: "CI", username: "admin", token: TOKEN, ...input }),
  });
const stored = () => db.buildServer.findUniqueOrThrow({ where: { key: "main" } });
const update = async (input: Record<string, unknown>) =>
  updateBuildServer({
    actor: admin,
    buildServer: "main",
    ...updateBuildServerSchema.parse({ version: (await stored()).version, ...input }),
  });
const check = () => checkBuildServer({ actor: admin, buildServer: "main" });
const codes = ({ findings }: { findings: { code: string; ok: boolean | null }[] }, ok: boolean | null) =>
  findings.filter((finding) => finding.ok === ok).map(({ code }) => code);

const texts: Record<string, Record<string, string>> = en.finding;
const fixes: Record<string, string> = en.fix;
/** Findings that the page can only show in the words of the log: no text by code, or not all of its values. */
const textless = ({ findings }: BuildServerDto) =>
  findings.filter(({ code, ok, fix, facts = {} }) => {
    const shade = ok === null ? "unknown" : ok ? "ok" : "no";
    const complete = (text: string | undefined) =>
      text !== undefined && [...text.matchAll(/\{(\w+)[,}]/g)].every(([, name = ""]) => name in facts);
    const said = complete(texts[code]?.[shade]) || complete(texts[code]?.[`${shade}_untimed`]);
    return !said || (fix !== undefined && !complete(fixes[code]));
  });

describe("a build server", () => {
  test("is registered by admins only, once per key, for projects that exist", async () => {
    const { url } = jenkins;
    await expect(create({ url }, reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(listBuildServers(reader)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(create({ url, projects: ["nowhere"] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await create({ url: `${url}/`, labels: ["built-in"] })).toMatchObject({
      url,
      credentialKind: "token",
      labels: ["built-in"],
      projects: [],
      disabledAt: null,
      findings: [],
      version: 1,
    });
    await expect(create({ url })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await db.buildServer.count()).toBe(1);
  });

  test("keeps what a check found, with its time", async () => {
    const checked = await check();
    expect(codes(checked, false)).toEqual([]);
    expect(codes(checked, true)).toEqual(
      expect.arrayContaining([
        "REACHABLE",
        "AUTHENTICATED",
        "LABELS",
        "JOB_EXISTS",
        "PARAMETERS_DECLARED",
        "MAY_BUILD",
      ]),
    );
    expect(checked.checkedAt).not.toBeNull();
    expect(textless(checked)).toEqual([]);
    expect((await listBuildServers(admin)).items).toEqual([checked]);
  });

  test("is changed by who saw its last version; findings of the same place and job stay", async () => {
    await expect(update({ version: 0, name: "Late" })).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    const { tokenEncrypted } = await stored();
    const changed = await update({ name: "Builds", labels: ["built-in", "arm64"], projects: ["quotes"] });
    expect(changed).toMatchObject({ name: "Builds", labels: ["built-in", "arm64"], projects: ["quotes"] });
    expect(changed.findings).not.toEqual([]);
    expect((await stored()).tokenEncrypted).toBe(tokenEncrypted);
    await expect(update({ projects: ["nowhere"] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("somewhere else or as somebody else needs the credential anew", async () => {
    const before = await stored();
    for (const change of [
      { url: "http://127.0.0.1:9" },
      { username: "viewer" },
      { credentialKind: "password" },
    ]) {
      await expect(update(change)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    }
    expect(await stored()).toEqual(before);

    expect(await update({ url: "http://127.0.0.1:9", token: "other" })).toMatchObject({
      url: "http://127.0.0.1:9",
      checkedAt: null,
      findings: [],
    });
    expect(codes(await check(), false)).toEqual(["REACHABLE"]);
    expect(textless(await check())).toEqual([]);
    await update({ url: jenkins.url, token: "wrong" });
    expect(codes(await check(), false)).toContain("AUTHENTICATED");
    expect(textless(await check())).toEqual([]);
    await update({ token: PASSWORD, credentialKind: "password" });
    // No agent here has the second of its labels.
    expect(codes(await check(), false)).toEqual(["LABELS"]);
    await update({ labels: ["built-in"] });
    expect(codes(await check(), false)).toEqual([]);
  });

  test("with another job name is asked about that job", async () => {
    expect(await update({ jobName: "elsewhere" })).toMatchObject({ findings: [], checkedAt: null });
    const found = await check();
    expect(found.findings.find(({ code }) => code === "JOB_EXISTS")).toMatchObject({
      ok: false,
      facts: { job: "elsewhere", status: 404 },
    });
    expect(textless(found)).toEqual([]);
    await update({ jobName: "refract-build" });
  });

  test("is disabled once, and enabled again", async () => {
    const { disabledAt } = await update({ disabled: true });
    expect(disabledAt).not.toBeNull();
    expect((await update({ disabled: true })).disabledAt).toBe(disabledAt);
    expect((await update({ name: "CI" })).disabledAt).toBe(disabledAt);
    expect((await update({ disabled: false })).disabledAt).toBeNull();
  });

  test("offers its job under its name, from which a Jenkins makes one that passes the check", async () => {
    await update({ jobName: "team's build" });
    await expect(readBuildJob({ actor: reader, buildServer: "main" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const { files, command } = await readBuildJob({ actor: admin, buildServer: "main" });
    expect(files.map(({ name }) => name)).toEqual(["Jenkinsfile", "casc.yaml", "config.xml"]);
    const text = (name: string) => files.find((file) => file.name === name)?.text ?? "";
    expect(text("casc.yaml")).toContain("pipelineJob('team\\'s build')");
    expect(text("casc.yaml")).not.toContain("REFRACT_JOB");
    expect(text("Jenkinsfile")).toContain("SECRET_BUILD_VARIABLES");
    expect(command).toContain(`${jenkins.url}/createItem?name=team`);
    expect(codes(await check(), false)).toEqual(["JOB_EXISTS"]);
    const server = await connectBuildServer((await stored()).id);
    expect(await server.ensureJob(text("config.xml"))).toBe("created");
    expect(codes(await check(), false)).toEqual([]);
  });

  test("in a folder has its job created there", () => {
    const command = createCommand({ url: "https://ci.example.com", username: "o'neil", jobName: "a b/c" });
    expect(command).toContain("--user 'o'\\''neil:API_TOKEN'");
    expect(command).toContain("'https://ci.example.com/job/a%20b/createItem?name=c'");
  });

  test("tells nobody its secrets: neither answers, findings nor the audit", async () => {
    const entries = await db.auditEntry.findMany({
      where: { subject: "build-server" },
      select: { action: true, subjectId: true, data: true },
    });
    const told = JSON.stringify([await listBuildServers(admin), await stored(), entries]);
    expect(told).toContain("REACHABLE");
    for (const secret of [TOKEN, PASSWORD]) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(Buffer.from(`admin:${secret}`).toString("base64"));
    }
    expect(new Set(entries.map(({ action }) => action))).toEqual(
      new Set(["build-server.create", "build-server.update", "build-server.check"]),
    );
  });
});
