import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBuilt } from "#lib/builds/testing/built.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { getProject } from "#lib/projects/queries.ts";
import { updateProject } from "#lib/projects/service.ts";
import { listCommits, listRefs } from "#lib/sources/queries.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { abandonRelease } from "./abandon.ts";
import { releaseChanges } from "./changes.ts";
import { movedRefs } from "./moved-refs.ts";
import { getRelease, listReleases } from "./queries.ts";
import { releaseRefs } from "./refs.ts";
import { buildRelease, createRelease, updateRelease } from "./service.ts";
import { releaseTimeline } from "./timeline.ts";

await testDatabase();
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const create = async (items = [{ component: "quote-api", ref: "main" }], title = "一个发布单") =>
  createRelease({
    actor: await world.actor("dev"),
    project: "quotes",
    title,
    description: "",
    items,
    build: false,
  });

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

test("concurrent creations get numbers without gaps or doubles", async () => {
  const created = await Promise.all(Array.from({ length: 8 }, () => create()));
  const numbers = created.map(({ number }) => number).sort();
  const [first] = numbers;
  const day = first?.slice(0, 8);
  expect(day).toMatch(/^\d{8}$/);
  expect(numbers).toEqual(Array.from({ length: 8 }, (_, index) => `${day}-quotes-00${index + 1}`));
});

test("a new release has a waiting stage for each environment of the path and says what happens next", async () => {
  const release = await create([
    { component: "quote-api", ref: "v1.0.0" },
    { component: "portal-web", ref: "main" },
  ]);
  expect(release).toMatchObject({
    project: "quotes",
    projectName: "行情",
    state: "draft",
    items: [
      { component: "portal-web", ref: "main", commit: null, build: null, artifact: null },
      { component: "quote-api", ref: "v1.0.0" },
    ],
    stages: [
      { environment: "FAT", state: "waiting", environmentKind: "open" },
      { environment: "STAGING", state: "waiting" },
      { environment: "PROD", state: "waiting", approvalsRequired: 2 },
    ],
    createdBy: { username: "dev", displayName: "dev 测试" },
  });
  expect(release.next[0]).toEqual({
    code: "START_BUILD",
    facts: {},
    who: ["developer", "ops", "owner"],
    now: true,
  });
  expect(release.actions).toEqual(["edit", "build", "abandon"].map((action) => ({ action, blockers: [] })));
});

test("a refusal names every item that cannot be", async () => {
  const error = await refusal(
    create([
      { component: "quote-api", ref: "no-such-branch" },
      { component: "portal-web", ref: "main" },
      { component: "nobody", ref: "main" },
    ]),
  );
  expect(error.code).toBe("BLOCKED");
  expect(error.blockers.map(({ code, facts }) => [code, facts.component])).toEqual([
    ["COMPONENT_NOT_FOUND", "nobody"],
    ["REF_NOT_FOUND", "quote-api"],
  ]);
});

test("a draft is changed once per version", async () => {
  const actor = await world.actor("dev");
  const { number, version } = await create();
  const changed = await updateRelease({
    actor,
    number,
    version,
    title: "new title",
    items: [{ component: "portal-web", ref: "main" }],
  });
  expect(changed).toMatchObject({ title: "new title", items: [{ component: "portal-web" }] });
  expect((await refusal(updateRelease({ actor, number, version, title: "x" }))).code).toBe(
    "VERSION_CONFLICT",
  );
});

test("two clicks on build: one starts the builds, the other is refused", async () => {
  const actor = await world.actor("dev");
  const { number } = await create([
    { component: "quote-api", ref: "main" },
    { component: "portal-web", ref: "main" },
  ]);
  const clicks = await Promise.allSettled([buildRelease({ actor, number }), buildRelease({ actor, number })]);
  const lost = clicks.flatMap((click) => (click.status === "rejected" ? [click.reason] : []));
  expect(lost).toHaveLength(1);
  expect(["VERSION_CONFLICT", "INVALID_STATE"]).toContain(lost[0].code);
  expect(await db.build.count({ where: { item: { release: { number } } } })).toBe(2);
  const release = await getRelease(actor, number);
  expect(release).toMatchObject({
    state: "building",
    items: [{ build: { state: "queued", attempt: 1 } }, {}],
  });
  expect(release.items.every(({ commit }) => /^[0-9a-f]{40}$/.test(commit ?? ""))).toBe(true);
  const jobs = await db.$queryRaw<unknown[]>`SELECT 1 FROM pgboss.job WHERE name = 'build.reconcile'`;
  expect(jobs.length).toBeGreaterThanOrEqual(2);
  expect((await refusal(abandonRelease({ actor, number }))).code).toBe("INVALID_STATE");
});

test("who may not, may not; who is no member sees nothing", async () => {
  const { number } = await create();
  for (const name of ["tester"] as const) {
    const actor = await world.actor(name);
    expect((await refusal(buildRelease({ actor, number }))).code).toBe("FORBIDDEN");
    expect((await refusal(abandonRelease({ actor, number }))).code).toBe("FORBIDDEN");
    const { actions } = await getRelease(actor, number);
    expect(actions.every(({ blockers }) => blockers[0]?.code === "ROLE_MISSING")).toBe(true);
  }
  const stranger = await world.actor("stranger");
  expect((await refusal(getRelease(stranger, number))).code).toBe("NOT_FOUND");
  expect((await refusal(buildRelease({ actor: stranger, number }))).code).toBe("NOT_FOUND");
  expect((await listReleases(stranger, { limit: 50 })).items).toEqual([]);
});

test("the list is filtered and paged without gaps or doubles", async () => {
  const actor = await world.actor("owner");
  const all = await listReleases(actor, { limit: 200, project: "quotes" });
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listReleases(actor, { limit: 3, project: "quotes", cursor });
    paged.push(...page.items.map(({ number }) => number));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(paged).toEqual(all.items.map(({ number }) => number));
  expect(new Set(paged).size).toBe(paged.length);
  const found = await listReleases(actor, { limit: 50, q: "NEW TITLE" });
  expect(found.items.map(({ title }) => title)).toEqual(["new title"]);
  expect((await listReleases(actor, { limit: 50, state: "building" })).items).toHaveLength(1);
  expect((await listReleases(actor, { limit: 50, mine: true })).items).toEqual([]);
  expect((await refusal(listReleases(actor, { limit: 50, cursor: "x" }))).code).toBe("INVALID_INPUT");
});

test("what was only stopped is shown and found as that, not among what failed", async () => {
  const actor = await world.actor("dev");
  const made = async (...states: string[][]) => {
    const items = ["quote-api", "portal-web"].slice(0, states.length);
    const { number } = await create(items.map((component) => ({ component, ref: "main" })));
    await db.release.update({ where: { number }, data: { state: "build_failed" } });
    const rows = await db.releaseItem.findMany({
      where: { release: { number } },
      orderBy: { component: { key: "desc" } },
    });
    for (const [index, item] of rows.entries())
      for (const [before, state] of (states[index] ?? []).entries())
        await db.build.create({
          data: {
            itemId: item.id,
            attempt: before + 1,
            attemptId: `${item.id} ${before}`,
            state,
            triggeredById: actor.id,
            parameters: {},
          },
        });
    return number;
  };
  const stopped = await made(["aborted"]);
  const again = await made(["failed", "aborted"]);
  const failed = await made(["aborted", "failed"]);
  const both = await made(["aborted"], ["failed"]);
  const twice = await made(["aborted"], ["aborted"]);
  const found = async (state: "build_failed" | "build_aborted", more = {}) => {
    const { items } = await listReleases(actor, { limit: 50, state, ...more });
    expect(items.every(({ shown }) => shown === state)).toBe(true);
    return items.map(({ number }) => number).sort();
  };
  expect(await found("build_aborted")).toEqual([stopped, again, twice].sort());
  expect(await found("build_failed")).toEqual([failed, both].sort());
  expect(await found("build_aborted", { project: "quotes", mine: true })).toHaveLength(3);
  expect(await found("build_aborted", { project: "elsewhere" })).toEqual([]);
  const first = await listReleases(actor, { limit: 2, state: "build_aborted" });
  const rest = await listReleases(actor, {
    limit: 2,
    state: "build_aborted",
    cursor: first.nextCursor ?? undefined,
  });
  expect([...first.items, ...rest.items].map(({ number }) => number)).toEqual([twice, again, stopped]);
  expect(await getRelease(actor, stopped)).toMatchObject({ state: "build_failed", shown: "build_aborted" });
  expect(
    (await listReleases(await world.actor("stranger"), { limit: 50, state: "build_aborted" })).items,
  ).toEqual([]);
});

test("abandoning ends it, for good", async () => {
  const actor = await world.actor("dev");
  const { number } = await create();
  expect(await abandonRelease({ actor, number })).toMatchObject({
    state: "abandoned",
    next: [],
    actions: [],
  });
  expect((await refusal(buildRelease({ actor, number }))).code).toBe("INVALID_STATE");
});

test("the timeline tells who did what, newest first, in pages", async () => {
  const actor = await world.actor("owner");
  const dev = await world.actor("dev");
  const { number } = await create();
  await buildRelease({ actor: dev, number });
  const first = await releaseTimeline(actor, number, { limit: 1 });
  expect(first.items).toMatchObject([
    { action: "release.build", by: { username: "dev", displayName: "dev 测试" } },
  ]);
  const second = await releaseTimeline(actor, number, { limit: 1, cursor: first.nextCursor ?? undefined });
  expect(second).toMatchObject({ items: [{ action: "release.create" }], nextCursor: null });
});

test("changes are the commits since what runs there, with their tickets", async () => {
  const actor = await world.actor("dev");
  const old = await create([{ component: "quote-api", ref: "v1.0.0" }]);
  await buildRelease({ actor, number: old.number });
  await db.build.deleteMany({ where: { item: { release: { number: old.number } } } });
  await makeBuilt(old.number);
  const row = await db.release.findUniqueOrThrow({ where: { number: old.number } });
  const environment = await db.environment.findUniqueOrThrow({ where: { key: "FAT" } });
  const names = {
    projectId: row.projectId,
    environmentId: environment.id,
    releaseId: row.id,
    createdById: row.createdById,
  };
  const plan = await db.plan.create({
    data: { ...names, digest: "sha256:p", inputs: {}, manifests: {}, review: {} },
  });
  await db.deployment.create({
    data: { ...names, planId: plan.id, state: "succeeded", endedAt: new Date() },
  });

  const release = await create([
    { component: "quote-api", ref: "v1.1.0" },
    { component: "portal-web", ref: "v1.0.0" },
  ]);
  const changes = await releaseChanges(actor, release.number, "FAT");
  const [portal, quote] = changes.items;
  expect(quote).toMatchObject({ component: "quote-api", from: { release: old.number }, problem: null });
  expect(quote?.tickets).toContainEqual({ key: "QT-1821", url: null });
  const owner = await world.actor("owner");
  const { version } = await getProject(owner, "quotes");
  const ticketPatterns = [{ pattern: "QT-(\\d+)", url: "https://jira.example.com/browse/QT-$1" }];
  await updateProject({ actor: owner, project: "quotes", version, ticketPatterns });
  const [, linked] = (await releaseChanges(actor, release.number, "FAT")).items;
  expect(linked?.tickets).toContainEqual({
    key: "QT-1821",
    url: "https://jira.example.com/browse/QT-1821",
  });
  expect(quote?.total).toBe(quote?.commits.length);
  expect(portal).toMatchObject({ component: "portal-web", from: null });
  expect(portal?.total).toBeGreaterThan(0);
  expect((await getRelease(actor, release.number)).stages[0]?.runningRelease).toBe(old.number);
});

test("refs that moved on since they were frozen, and none while nothing is frozen", async () => {
  const actor = await world.actor("dev");
  const { number } = await create([{ component: "quote-api", ref: "main" }]);
  expect(await releaseRefs(actor, number)).toEqual({ items: [] });
  const source = { project: "quotes", component: "quote-api", limit: 3 };
  const [newest, , frozen] = (await listCommits(actor, source)).items;
  if (!newest || !frozen) throw new Error("main has less than three commits");
  await db.releaseItem.updateMany({ where: { release: { number } }, data: { commit: frozen.commit } });
  expect(await releaseRefs(actor, number)).toEqual({
    items: [{ component: "quote-api", ref: "main", state: "ahead", commits: expect.any(Number), newest }],
  });
  expect((await refusal(releaseRefs(actor, "20200101-quotes-001"))).code).toBe("NOT_FOUND");
});

test("a list is told which refs of orders on their way point elsewhere", async () => {
  const actor = await world.actor("dev");
  const source = { project: "quotes", component: "quote-api", limit: 3 };
  const [newest, older] = (await listCommits(actor, source)).items;
  if (!newest || !older) throw new Error("main has less than two commits");
  const made = async (ref: string, commit: string | null, state = "built") => {
    const { number } = await create([{ component: "quote-api", ref }]);
    await db.releaseItem.updateMany({ where: { release: { number } }, data: { commit } });
    await db.release.update({ where: { number }, data: { state } });
    return number;
  };
  const ahead = await made("main", older.commit);
  const again = await made("main", older.commit, "build_failed");
  const tagged = await made("v1.0.0", newest.commit);
  const quiet = [
    await made("main", newest.commit),
    await made("main", null, "draft"),
    await made("main", older.commit, "released"),
    await made(older.commit.slice(0, 10), older.commit),
  ];
  const told = { component: "quote-api", ref: "main", state: "elsewhere" };
  const { items } = await movedRefs(actor, [ahead, again, tagged, ...quiet, "20200101-quotes-001"]);
  expect(items).toEqual([
    { ...told, release: tagged, ref: "v1.0.0", state: "moved" },
    { ...told, release: again },
    { ...told, release: ahead },
  ]);
  const gone = await made("main", older.commit);
  await db.releaseItem.updateMany({ where: { release: { number: gone } }, data: { ref: "no-such-branch" } });
  expect((await movedRefs(actor, [gone])).items).toMatchObject([{ release: gone, state: "gone" }]);
  const away = { gitUrl: "http://127.0.0.1:9/away.git" };
  const { gitUrl } = await db.component.findFirstOrThrow({ where: { key: "quote-api" } });
  await db.component.updateMany({ where: { key: "quote-api" }, data: away });
  expect((await movedRefs(actor, [ahead, gone])).items).toEqual([]);
  await db.component.updateMany({ where: { key: "quote-api" }, data: { gitUrl } });
  expect((await movedRefs(await world.actor("stranger"), [ahead, tagged])).items).toEqual([]);
});

test("refs and commits for the page of a new release", async () => {
  const actor = await world.actor("dev");
  const source = { project: "quotes", component: "quote-api" };
  const tags = await listRefs(actor, { ...source, kind: "tag", search: "V1.", limit: 50 });
  expect(tags.items.map(({ name }) => name).sort()).toEqual(["v1.0.0", "v1.1.0"]);
  const branches = await listRefs(actor, { ...source, kind: "branch", limit: 50 });
  expect(branches.items.find(({ isDefault }) => isDefault)?.name).toBe("main");
  const page = await listCommits(actor, { ...source, limit: 2 });
  expect(page.items).toHaveLength(2);
  const rest = await listCommits(actor, { ...source, limit: 200, cursor: page.nextCursor ?? undefined });
  expect(rest.items.map(({ commit }) => commit)).not.toContain(page.items[0]?.commit);
  expect(rest.nextCursor).toBeNull();
  expect((await refusal(listCommits(actor, { ...source, ref: "nope", limit: 5 }))).code).toBe("NOT_FOUND");
});
