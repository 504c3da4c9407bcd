import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { git } from "#sandbox/git/git.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { lookAt } from "./refs.ts";

await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "refract-refs-"));
let server: RunningGit;
let gitUrl: string;

beforeAll(async () => {
  await seedRepositories({ dataDir: folder });
  server = await startGit({ port: 0, dataDir: folder });
  gitUrl = `${server.url}/quote-api.git`;
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const run = async (...args: string[]) =>
  (await git(["--git-dir", join(folder, "quote-api.git"), ...args])).trim();
const commitOf = (revision: string) => run("rev-parse", `${revision}^{commit}`);
const look = (ref: string, frozen: string) => lookAt({ project: "quotes", gitUrl, ref, frozen });

test("a branch that is where it was, and one with more commits", async () => {
  const frozen = await commitOf("main~2");
  await run("branch", "watched", frozen);
  expect(await look("watched", frozen)).toEqual({ state: "same", commits: 0, newest: null });
  await run("branch", "--force", "watched", "main");
  expect(await look("watched", frozen)).toMatchObject({
    state: "ahead",
    commits: Number(await run("rev-list", "--count", `${frozen}..main`)),
    newest: { commit: await commitOf("main"), subject: await run("log", "-1", "--format=%s", "main") },
  });
});

test("a branch that was set back, and one that is gone", async () => {
  const frozen = await commitOf("main");
  await run("branch", "--force", "watched", "main~1");
  expect(await look("watched", frozen)).toMatchObject({
    state: "rewritten",
    newest: { commit: await commitOf("main~1") },
  });
  await run("branch", "-D", "watched");
  expect(await look("watched", frozen)).toEqual({ state: "gone", commits: 0, newest: null });
});

test("a branch of a history that never had the commit", async () => {
  expect(await look("main", "f".repeat(40))).toMatchObject({ state: "rewritten", commits: 0 });
});

test("a tag that was moved, a commit, and a host that does not answer", async () => {
  const frozen = await commitOf("v1.0.0");
  expect(await look("v1.0.0", frozen)).toMatchObject({ state: "same" });
  expect(await look(frozen.slice(0, 10), frozen)).toMatchObject({ state: "same" });
  await run("tag", "--force", "v1.0.0", "v1.1.0^{commit}");
  expect(await look("v1.0.0", frozen)).toMatchObject({ state: "moved" });
  expect(
    await lookAt({ project: "quotes", gitUrl: "http://127.0.0.1:9/a.git", ref: "main", frozen }),
  ).toMatchObject({
    state: "unknown",
  });
});
