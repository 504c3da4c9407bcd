import { beforeAll, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { search } from "#lib/search/queries.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getHome } from "./queries.ts";
import { homeSchema } from "./schema.ts";

await testDatabase();

const DIGEST = `sha256:${"ab12cd".padEnd(64, "0")}`;
const COMMIT = "c0ffee12".padEnd(40, "0");
const people = new Map<string, string>();
const environments = new Map<string, string>();
let projectId = "";
let componentId = "";

const id = (map: Map<string, string>, name: string): string => {
  const found = map.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
async function actor(username: string): Promise<Actor> {
  const loaded = await loadActor(id(people, username));
  if (!loaded) throw new Error(`no actor ${username}`);
  return loaded;
}
const waiting = async (username: string) =>
  (await getHome(await actor(username))).waiting.map(
    ({ kind, release, environment }) => `${kind} ${release}${environment === null ? "" : ` ${environment}`}`,
  );

/** A release of the one component, with the states of its stages on FAT and PROD. */
async function release(number: string, stages: [string, string], state = "built"): Promise<string> {
  const row = await db.release.create({
    data: {
      number,
      projectId,
      title: `title of ${number}`,
      state,
      createdById: id(people, "dev"),
      items: { create: { componentId, ref: "main", commit: COMMIT } },
      stages: {
        create: stages.map((stage, index) => ({
          environmentId: id(environments, index === 0 ? "FAT" : "PROD"),
          state: stage,
        })),
      },
    },
    include: { items: true },
  });
  return row.items[0]?.id ?? "";
}

beforeAll(async () => {
  for (const [key, kind, rank] of [
    ["FAT", "open", 1],
    ["PROD", "controlled", 2],
  ] as const) {
    const row = await db.environment.create({ data: { key, name: key, kind, rank } });
    environments.set(key, row.id);
  }
  const project = await db.project.create({
    data: {
      key: "quotes",
      name: "行情",
      environments: { create: [...environments.values()].map((environmentId) => ({ environmentId })) },
    },
  });
  projectId = project.id;
  for (const [username, role] of [
    ["dev", "developer"],
    ["tester", "tester"],
    ["ops", "ops"],
    ["stranger", null],
  ] as const) {
    const user = await db.user.create({
      data: {
        username,
        displayName: username,
        ...(role === null ? {} : { memberships: { create: { projectId, role } } }),
      },
    });
    people.set(username, user.id);
  }
  const server = { key: "main", name: "main", url: "http://127.0.0.1:1" };
  const buildServer = await db.buildServer.create({ data: { ...server, username: "u", tokenEncrypted: "" } });
  const registry = await db.registry.create({ data: server });
  const component = await db.component.create({
    data: {
      projectId,
      key: "quote-api",
      name: "行情接口",
      gitUrl: "http://127.0.0.1:1/a.git",
      buildServerId: buildServer.id,
      registryId: registry.id,
    },
  });
  componentId = component.id;
});

test("each waits for whom it concerns, and for nobody else", async () => {
  await release("20260101-quotes-001", ["testing", "waiting"]);
  expect(await waiting("tester")).toEqual(["verdict 20260101-quotes-001 FAT"]);
  expect(await waiting("ops")).toEqual([]);
  expect(await waiting("dev")).toEqual([]);
  expect(await waiting("stranger")).toEqual([]);
});

test("an operator is told to deploy, a developer only with the project's switch", async () => {
  await release("20260101-quotes-002", ["entered", "waiting"]);
  expect(await waiting("ops")).toEqual(["deploy 20260101-quotes-002 FAT"]);
  expect(await waiting("dev")).toEqual([]);
  await db.projectEnvironment.updateMany({
    where: { environment: { key: "FAT" } },
    data: { developersMayDeploy: true },
  });
  expect(await waiting("dev")).toEqual(["deploy 20260101-quotes-002 FAT"]);
});

test("a newer release that passed the environment takes older ones off the list", async () => {
  await release("20260101-quotes-003", ["passed", "waiting"]);
  expect(await waiting("tester")).toEqual(["flow 20260101-quotes-003 PROD"]);
  expect(await waiting("ops")).toEqual([]);
});

test("a turn in the queue waits while the environment is free", async () => {
  const place = { projectId, environmentId: id(environments, "PROD") };
  const row = await db.release.findUniqueOrThrow({ where: { number: "20260101-quotes-003" } });
  const entry = { ...place, releaseId: row.id, requestedById: id(people, "tester") };
  await db.queueEntry.create({ data: { ...entry, notifiedAt: new Date() } });
  expect(await waiting("tester")).toEqual(["turn 20260101-quotes-003 PROD"]);
  const holder = { ...place, releaseId: row.id, heldById: id(people, "tester") };
  const held = await db.reservation.create({ data: holder });
  expect(await waiting("tester")).toEqual([]);
  await db.reservation.delete({ where: { id: held.id } });
});

test("a failed build waits for whoever raised the release", async () => {
  const itemId = await release("20260101-quotes-004", ["waiting", "waiting"], "build_failed");
  const build = await db.build.create({
    data: {
      itemId,
      attempt: 1,
      attemptId: "a",
      state: "failed",
      triggeredById: id(people, "dev"),
      parameters: {},
      cause: { code: "EXIT", message: "exit 3", facts: { code: 3 } },
    },
  });
  const home = await getHome(await actor("dev"));
  expect(home.waiting[0]).toMatchObject({
    kind: "build_failed",
    build: build.id,
    cause: { code: "EXIT", message: "exit 3" },
    projectName: "行情",
  });
  expect(await waiting("tester")).not.toContain("build_failed 20260101-quotes-004");
  expect(homeSchema.safeParse(home).success).toBe(true);
});

test("the agenda holds freezes of the next day, the matrix says until when", async () => {
  const hour = 3_600_000;
  const at = (hours: number) => new Date(Date.now() + hours * hour);
  const freeze = { environmentId: id(environments, "PROD"), createdById: id(people, "ops") };
  await db.freezeWindow.createMany({
    data: [
      { ...freeze, startsAt: at(-1), endsAt: at(2), reason: "now" },
      { ...freeze, startsAt: at(30), endsAt: at(40), reason: "in two days" },
      { ...freeze, startsAt: at(-1), endsAt: at(2), reason: "called off", cancelledAt: new Date() },
    ],
  });
  const { agenda, projects } = await getHome(await actor("ops"));
  expect(agenda.freezes.map(({ reason }) => reason)).toEqual(["now"]);
  expect(projects[0]?.environments.map(({ key, freezeReason }) => [key, freezeReason])).toEqual([
    ["FAT", null],
    ["PROD", "now"],
  ]);
});

test("search finds numbers, titles, commits, digests and components, and nothing for strangers", async () => {
  const item = await db.releaseItem.findFirstOrThrow({
    where: { release: { number: "20260101-quotes-003" } },
  });
  const build = await db.build.create({
    data: {
      itemId: item.id,
      attempt: 1,
      attemptId: "b",
      state: "succeeded",
      triggeredById: id(people, "dev"),
      parameters: {},
    },
  });
  const artifact = await db.artifact.create({
    data: {
      itemId: item.id,
      buildId: build.id,
      image: "r/quotes/quote-api:1",
      repository: "r/quotes/quote-api",
      digest: DIGEST,
      commit: COMMIT,
    },
  });
  const found = async (text: string, username = "dev") =>
    (await search(await actor(username), text)).items.map(({ href }) => href);
  const third = "/releases/20260101-quotes-003";
  expect(await found("20260101-quotes-003")).toEqual([third]);
  expect(await found("TITLE of 20260101-quotes-003")).toEqual([third]);
  // What a digest names is the image itself.
  expect(await found("sha256:ab12cd")).toEqual([`/artifacts/${artifact.id}`]);
  expect((await found("c0ffee1")).length).toBe(4);
  expect(await found("行情")).toEqual(["/projects/quotes", "/projects/quotes/components/quote-api"]);
  for (const text of ["20260101", "ab12cd", "c0ffee1", "行情"])
    expect(await found(text, "stranger")).toEqual([]);
});

test("a build that was stopped is told as that, unless another one failed", async () => {
  const number = "20260101-quotes-014";
  const itemId = await release(number, ["waiting", "waiting"], "build_failed");
  const build = { attemptId: "stopped", state: "aborted", triggeredById: id(people, "dev"), parameters: {} };
  await db.build.create({ data: { ...build, itemId, attempt: 1 } });
  const told = async () => {
    const { waiting } = await getHome(await actor("dev"));
    return waiting.find((row) => row.release === number)?.kind;
  };
  expect(await told()).toBe("build_aborted");
  await db.build.create({ data: { ...build, itemId, attempt: 2, attemptId: "failed", state: "failed" } });
  expect(await told()).toBe("build_failed");
});
