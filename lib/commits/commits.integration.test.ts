import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBuilt } from "#lib/builds/testing/built.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { createRelease } from "#lib/releases/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getCommit } from "./queries.ts";

await testDatabase();
let world: World;
let tagged = "";
let newest = "";
let gitUrl = "";
const numbers: Record<string, string> = {};
beforeAll(async () => {
  world = await makeWorld();
  ({ gitUrl } = await db.component.findFirstOrThrow({ where: { key: "quote-api" } }));
  const resolve = async (ref: string) => (await sourceHost("quotes").resolve({ gitUrl, ref }))?.commit ?? "";
  tagged = await resolve("v1.0.0");
  newest = await resolve("main");
  expect(tagged).not.toBe(newest);
  for (const [ref, commit] of [
    ["v1.0.0", tagged],
    ["main", newest],
  ] as const) {
    const items = [{ component: "quote-api", ref }];
    const input = { project: "quotes", title: ref, description: "", items, build: false };
    const { number } = await createRelease({ actor: await world.actor("dev"), ...input });
    await db.releaseItem.updateMany({ where: { release: { number } }, data: { commit } });
    numbers[ref] = number;
  }
  await makeBuilt(numbers["v1.0.0"] ?? "");
});
afterAll(() => world.close());

const of = async (commit: string, name: "dev" | "stranger" = "dev") =>
  getCommit(await world.actor(name), { project: "quotes", component: "quote-api", commit });
const refused = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? error.code : error;
};

test("a commit, what led to it, which release orders build or contain it, and what came of it", async () => {
  const page = await of(tagged);
  expect(page).toMatchObject({ sha: tagged, problem: null, component: "quote-api", projectName: "行情" });
  expect(page.commit).toMatchObject({
    ...{ commit: tagged, subject: expect.stringMatching(/\S/), reachable: true, body: "", bodyCut: false },
    ...{ committerName: expect.stringMatching(/\S/), parents: [expect.stringMatching(/^[0-9a-f]{40}$/)] },
  });
  expect(page.runs).toEqual([]);
  expect(page.before.map(({ commit }) => commit)).not.toContain(tagged);
  expect(page.releases.map(({ number, relation }) => [number, relation])).toEqual([
    [numbers.main, "contains"],
    [numbers["v1.0.0"], "builds"],
  ]);
  expect(page.builds).toMatchObject([{ state: "succeeded", release: numbers["v1.0.0"] }]);
  expect(page.artifacts).toMatchObject([{ release: numbers["v1.0.0"] }]);
});

test("a later commit is not in an earlier release order; the beginning of one is enough", async () => {
  const page = await of(newest.slice(0, 10).toUpperCase());
  expect(page.sha).toBe(newest);
  expect(page.releases.map(({ number }) => number)).toEqual([numbers.main]);
  expect(page.before.length).toBeGreaterThan(0);
});

test("not for who may not read the project, and not one that nobody knows", async () => {
  expect(await refused(of(tagged, "stranger"))).toBe("NOT_FOUND");
  expect(await refused(of("0".repeat(40)))).toBe("NOT_FOUND");
});

test("a commit that the Git host does not tell of any more is told of by what was built from it", async () => {
  await db.component.updateMany({
    where: { key: "quote-api" },
    data: { gitUrl: "http://127.0.0.1:1/gone.git" },
  });
  const page = await of(tagged);
  expect(page).toMatchObject({ sha: tagged, commit: null, problem: "unreachable", before: [] });
  expect(page.builds).toHaveLength(1);
  // Nothing on record either: that Git cannot be asked is why it is not known.
  await expect(of("1".repeat(40))).rejects.toMatchObject({ failure: "unreachable" });
  await db.component.updateMany({ where: { key: "quote-api" }, data: { gitUrl } });
});

test("an old commit is told of however many release orders came after it", async () => {
  const { id: componentId } = await db.component.findFirstOrThrow({ where: { key: "quote-api" } });
  const { id: projectId } = await db.project.findFirstOrThrow({ where: { key: "quotes" } });
  const createdById = (await world.actor("dev")).id;
  for (let index = 0; index < 51; index += 1) {
    const of = { number: `later-${index}`, projectId, title: "later", state: "released", createdById };
    const items = { create: [{ componentId, ref: "main", commit: newest }] };
    await db.release.create({ data: { ...of, items } });
  }
  const page = await of(tagged);
  expect(page.releases.map(({ number }) => number)).toContain(numbers["v1.0.0"]);
  expect(page.builds).toHaveLength(1);
});
