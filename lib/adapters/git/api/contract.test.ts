import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git } from "#sandbox/git/git.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import type { GitCommit, SourceHost } from "../../ports.ts";
import { createSourceHost } from "../client.ts";
import { withFallback } from "../fallback.ts";
import { basePathOf, createGitApi, type GitApiKind } from "./create.ts";
import { createApiHost } from "./host.ts";

const TOKEN = "s3cret-token";
const ROOTS = { gitlab: "/api/v4", gitea: "/api/v1", github: "/api/v3" } as const;
const KINDS: GitApiKind[] = ["gitlab", "gitea", "github"];

let folder: string;
let server: RunningGit;
let gitUrl: string;
let plain: SourceHost;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-git-api-"));
  const dataDir = join(folder, "data");
  await seedRepositories({ dataDir });
  server = await startGit({ port: 0, dataDir, user: "robot", password: TOKEN });
  gitUrl = `${server.url}/demo/quote-api.git`;
  plain = createSourceHost({
    cacheDir: join(folder, "cache"),
    headsWaitMs: 30_000,
    credentials: [{ host: new URL(server.url).host, username: "robot", password: TOKEN }],
  });
  // A history that is longer than a page, with a merge and a subject of several lines.
  const person = ["-c", "user.name=Tester", "-c", "user.email=tester@refract.example"];
  const tree = await truth("rev-parse", "main^{tree}");
  let tip = await truth("rev-parse", "v1.0.0^{commit}");
  for (let index = 1; index <= 120; index += 1) {
    tip = await truth(
      ...person,
      "commit-tree",
      tree,
      "-p",
      tip,
      "-m",
      `QT-${2000 + index} 第 ${index} 次\n行`,
    );
  }
  await truth("branch", "feature/long", tip);
  await truth("tag", "light/long", tip);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function truth(...args: string[]): Promise<string> {
  return (await git(["--git-dir", join(folder, "data/quote-api.git"), ...args])).trim();
}
const apiOf = (kind: GitApiKind, token: string | null = TOKEN) =>
  createGitApi(kind, `${server.url}${ROOTS[kind]}`, token);
const hostOf = (kind: GitApiKind, token: string | null = TOKEN) => createApiHost(apiOf(kind, token), "");

/** Every page of a list. */
async function all<Item>(page: (cursor?: string) => Promise<{ items: Item[]; nextCursor: string | null }>) {
  const items: Item[] = [];
  for (let cursor: string | undefined, round = 0; round < 50; round += 1) {
    const { items: some, nextCursor } = await page(cursor);
    items.push(...some);
    if (nextCursor === null) return items;
    cursor = nextCursor;
  }
  throw new Error("the list has no end");
}

describe.each(KINDS)("%s answers as Git does", (kind) => {
  test.each([
    ["branch", ""],
    ["tag", ""],
    ["branch", "qt-1821"],
    ["branch", "LONG"],
    ["tag", "no such name"],
    ["tag", "^v1"],
  ] as const)("refs: %s %j", async (refKind, search) => {
    const asked = { gitUrl, kind: refKind, search };
    const wanted = await all((cursor) => plain.refs({ ...asked, limit: 200, cursor }));
    expect(await all((cursor) => hostOf(kind).refs({ ...asked, limit: 6, cursor }))).toEqual(wanted);
  });

  test.each([
    "main",
    "release/11.3",
    "feature/QT-1821-single-quote",
    "refs/heads/main",
    "refs/tags/v1.1.0",
    "v1.0.0",
    "v9.9.9-crash",
    "light/long",
    "no-such-branch",
    "0123456789",
    "f".repeat(40),
  ])("resolve: %s", async (ref) => {
    expect(await hostOf(kind).resolve({ gitUrl, ref })).toEqual(await plain.resolve({ gitUrl, ref }));
  });

  test("resolve: a commit, whole, shortened, in capitals", async () => {
    const commit = await truth("rev-parse", "main~2");
    for (const ref of [commit, commit.slice(0, 9), commit.slice(0, 9).toUpperCase()]) {
      expect(await hostOf(kind).resolve({ gitUrl, ref })).toEqual(await plain.resolve({ gitUrl, ref }));
    }
  });

  test("a commit with its whole message, who committed it, and its parents", async () => {
    const merge = await truth("rev-parse", "v1.1.0^{commit}");
    for (const commit of [
      await truth("rev-parse", "main"),
      merge,
      (await truth("rev-parse", "main~1")).slice(0, 9),
    ]) {
      const wanted = await plain.commit({ gitUrl, commit });
      const found = await hostOf(kind).commit({ gitUrl, commit });
      expect({ ...found, message: found?.message.trim() }).toEqual({
        ...wanted,
        message: wanted?.message.trim(),
      });
    }
    expect((await plain.commit({ gitUrl, commit: merge }))?.parents).toHaveLength(2);
    const nowhere = { gitUrl, commit: "f".repeat(40) };
    await expect(hostOf(kind).commit(nowhere)).rejects.toMatchObject({ failure: "invalid" });
    expect(await withFallback(hostOf(kind), plain).commit(nowhere)).toBeNull();
  });

  test("commits, page by page, to the end", async () => {
    for (const [ref, limit] of [
      ["main", 4],
      ["feature/long", 40],
      ["feature/long", 200],
      [await truth("rev-parse", "main~1"), 200],
    ] as const) {
      const wanted = await all((cursor) => plain.commits({ gitUrl, ref, limit: 200, cursor }));
      expect(await all((cursor) => hostOf(kind).commits({ gitUrl, ref, limit, cursor }))).toEqual(wanted);
    }
  });

  test.each(["qt-1836", "缓存", "daniel", "QT-20", "连接重置", "第 7 次"])("search: %s", async (search) => {
    for (const ref of ["main", "feature/long"]) {
      const asked = { gitUrl, ref, search };
      const wanted = await all<GitCommit>((cursor) => plain.commits({ ...asked, limit: 200, cursor }));
      expect(await all((cursor) => hostOf(kind).commits({ ...asked, limit: 25, cursor }))).toEqual(wanted);
    }
  });

  test("between two commits", async () => {
    for (const [from, to, limit] of [
      ["v1.1.0", "v2.0.0", 50],
      ["v2.0.0", "v1.1.0", 50],
      ["main", "main", 50],
      ["v1.0.0", "feature/long", 30],
      ["main", "feature/long", 1000],
      ["feature/long", "main", 5],
    ] as const) {
      const asked = { gitUrl, from, to, limit };
      expect(await hostOf(kind).between(asked)).toEqual(await plain.between(asked));
    }
  });

  test("a whole history, or that it cannot tell", async () => {
    const asked = { gitUrl, from: null, to: "feature/long", limit: 10 };
    const wanted = await plain.between(asked);
    if (kind === "github") await expect(hostOf(kind).between(asked)).rejects.toThrow("the API cannot tell");
    else expect(await hostOf(kind).between(asked)).toEqual(wanted);
    expect(await withFallback(hostOf(kind), plain).between(asked)).toEqual(wanted);
  });

  test("what is refused, and what is not there", async () => {
    await expect(hostOf(kind).resolve({ gitUrl, ref: "main..v1.0.0" })).rejects.toMatchObject({
      failure: "invalid",
    });
    await expect(hostOf(kind).commits({ gitUrl, ref: "no-such-branch" })).rejects.toMatchObject({
      failure: "missing",
      retryable: false,
    });
    const nothing = `${server.url}/demo/nothing.git`;
    await expect(hostOf(kind).refs({ gitUrl: nothing, kind: "branch" })).rejects.toMatchObject({
      failure: "missing",
    });
    await expect(hostOf(kind, "wrong").refs({ gitUrl, kind: "branch" })).rejects.toMatchObject({
      failure: "unauthorized",
    });
    await expect(hostOf(kind, null).refs({ gitUrl, kind: "branch" })).rejects.toMatchObject({
      failure: "missing",
    });
  });

  test("who asks, what answers, and what may be read", async () => {
    expect(await apiOf(kind).identify({})).toMatchObject({
      user: "robot",
      version: expect.stringMatching(/^Git/),
    });
    expect(await apiOf(kind, null).identify({})).toMatchObject({ user: null });
    expect(await apiOf(kind).mayRead("demo/quote-api", {})).toBe(true);
    expect(await apiOf(kind, null).mayRead("demo/quote-api", {})).toBe(false);
    await expect(apiOf(kind, "wrong").identify({})).rejects.toMatchObject({ failure: "unauthorized" });
  });

  test("asked too often it is left alone until it says, and Git answers meanwhile", async () => {
    const resetAt = Date.now() + 600_000;
    const host = hostOf(kind);
    server.limitApi({ left: 0, resetAt });
    try {
      const asked = host.resolve({ gitUrl, ref: "main" });
      await expect(asked).rejects.toMatchObject({ failure: "throttled", retryable: true });
      await expect(asked).rejects.toThrow(new Date(Math.ceil(resetAt / 1000) * 1000).toISOString());
      server.limitApi(null);
      await expect(host.resolve({ gitUrl, ref: "main" })).rejects.toMatchObject({ failure: "throttled" });
      expect(await withFallback(host, plain).resolve({ gitUrl, ref: "main" })).toEqual(
        await plain.resolve({ gitUrl, ref: "main" }),
      );
    } finally {
      server.limitApi(null);
    }
  });
});

test("when both fail both are told", async () => {
  const nowhere = createApiHost(createGitApi("gitlab", "http://127.0.0.1:9/api/v4", null), "");
  const asked = withFallback(nowhere, plain).refs({ gitUrl: `${server.url}/nothing.git`, kind: "tag" });
  await expect(asked).rejects.toMatchObject({ failure: "missing" });
  await expect(asked).rejects.toThrow(/not found.*127\.0\.0\.1:9/s);
});

test.each([
  ["https://gitlab.example.com/api/v4", ""],
  ["https://example.com/gitlab/api/v4", "gitlab"],
  ["https://api.github.com", ""],
  ["https://git.example.com/a/b/api/v1", "a/b"],
])("repositories of %s are below %j", (apiUrl, wanted) => expect(basePathOf(apiUrl)).toBe(wanted));

test("a host below a path of its own", async () => {
  const host = createApiHost(apiOf("gitlab"), "demo");
  expect(await host.resolve({ gitUrl, ref: "main" })).toMatchObject({
    commit: await truth("rev-parse", "main"),
  });
});
