import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git } from "#sandbox/git/git.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import { createSourceHost } from "./client.ts";

let folder: string;
let server: RunningGit;
let guarded: RunningGit;
let gitUrl: string;
let caches = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-git-client-"));
  const dataDir = join(folder, "data");
  await seedRepositories({ dataDir });
  server = await startGit({ port: 0, dataDir });
  guarded = await startGit({ port: 0, dataDir, user: "robot", password: "s3cret" });
  gitUrl = `${server.url}/quote-api.git`;
});
afterAll(async () => {
  await server.close();
  await guarded.close();
  await rm(folder, { recursive: true, force: true });
});

/** A client with an empty cache of its own. */
function client(more: Partial<Parameters<typeof createSourceHost>[0]> = {}) {
  caches += 1;
  return createSourceHost({ cacheDir: join(folder, `cache-${caches}`), headsWaitMs: 30_000, ...more });
}

/** What git itself says in the server's repository. */
async function truth(...args: string[]): Promise<string> {
  return (await git(["--git-dir", join(folder, "data/quote-api.git"), ...args])).trim();
}

describe("a commit", () => {
  test("tells its message, its committer and its parents, and whether a branch leads there", async () => {
    const host = client();
    const date = "1790000000 +0800";
    const env = {
      ...{
        GIT_AUTHOR_NAME: "作者",
        GIT_AUTHOR_EMAIL: "a@refract.example",
        GIT_AUTHOR_DATE: "1780000000 +0000",
      },
      ...{ GIT_COMMITTER_NAME: "提交人", GIT_COMMITTER_EMAIL: "c@refract.example", GIT_COMMITTER_DATE: date },
    };
    const [main, tree] = [await truth("rev-parse", "main"), await truth("rev-parse", "main^{tree}")];
    const message = "QT-1 主题\n\n正文 <b>x</b>\n\nSigned-off-by: a\n";
    const at = ["--git-dir", join(folder, "data/quote-api.git")];
    const id = (await git([...at, "commit-tree", tree, "-p", main, "-m", message], { env })).trim();
    await truth("branch", "short-lived", id);
    expect(await host.commit({ gitUrl, commit: id.slice(0, 8).toUpperCase() })).toEqual({
      ...{ commit: id, subject: "QT-1 主题", message, parents: [main], reachable: true },
      ...{ authorName: "作者", authorEmail: "a@refract.example", authoredAt: new Date(1_780_000_000_000) },
      ...{ committerName: "提交人", committerEmail: "c@refract.example" },
      committedAt: new Date(1_790_000_000_000),
    });
    // Gone from the server: the copy still has it, and says so.
    await truth("branch", "-D", "short-lived");
    expect(await host.commit({ gitUrl, commit: id })).toMatchObject({ commit: id, reachable: false });
    expect(await client().commit({ gitUrl, commit: id })).toBeNull();
    expect(await host.commit({ gitUrl, commit: "f".repeat(40) })).toBeNull();
    expect(await host.commit({ gitUrl, commit: "main" })).toBeNull();
  });

  test("is told from the copy while the server does not answer", async () => {
    const data = join(folder, "data");
    const own = await startGit({ port: 0, dataDir: data });
    const url = `${own.url}/quote-api.git`;
    const host = client();
    const commit = await truth("rev-parse", "main");
    expect(await host.commit({ gitUrl: url, commit })).toMatchObject({ reachable: true });
    await own.close();
    expect(await host.commit({ gitUrl: url, commit })).toMatchObject({ commit, reachable: null });
    await expect(host.commit({ gitUrl: url, commit: "f".repeat(40) })).rejects.toMatchObject({
      failure: "unreachable",
    });
  });
});

describe("refs", () => {
  test("branches, newest commit first, with their commits", async () => {
    const { items: refs } = await client().refs({ gitUrl, kind: "branch" });
    const times = refs.map((ref) => ref.head?.authoredAt.getTime() ?? Number.NaN);
    expect(times).toEqual(times.toSorted((left, right) => right - left));
    expect(refs.map((ref) => ref.name)).toContain("release/11.3");
    const main = refs.find((ref) => ref.name === "main");
    expect(main).toMatchObject({
      kind: "branch",
      commit: await truth("rev-parse", "main"),
      head: { subject: await truth("log", "-1", "--format=%s", "main"), authorName: "王海涛" },
    });
  });

  test("an annotated tag has the commit behind it", async () => {
    const [tag] = (await client().refs({ gitUrl, kind: "tag", search: "V1.0" })).items;
    expect(tag).toMatchObject({
      kind: "tag",
      name: "v1.0.0",
      commit: await truth("rev-parse", "v1.0.0^{commit}"),
    });
    expect(tag?.commit).not.toBe(await truth("rev-parse", "v1.0.0"));
    expect(tag?.head?.commit).toBe(tag?.commit);
  });

  test("are searched in any case, by kind, and paged", async () => {
    const host = client();
    const find = async (kind: "branch" | "tag", search: string) =>
      (await host.refs({ gitUrl, kind, search })).items.map((ref) => ref.name);
    expect(await find("branch", "qt-1821")).toEqual(["feature/QT-1821-single-quote"]);
    expect(await find("tag", "no such name")).toEqual([]);
    const all = (await host.refs({ gitUrl, kind: "tag" })).items;
    expect(all.every((ref) => ref.kind === "tag")).toBe(true);
    const paged: string[] = [];
    for (let cursor: string | undefined, rounds = 0; rounds < 20; rounds += 1) {
      const page = await host.refs({ gitUrl, kind: "tag", limit: 2, cursor });
      paged.push(...page.items.map((ref) => ref.name));
      expect(page.items.length).toBeLessThanOrEqual(2);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.map((ref) => ref.name));
    await expect(host.refs({ gitUrl, kind: "tag", cursor: "p2" })).rejects.toMatchObject({
      failure: "invalid",
    });
  });

  test("a new branch is seen at once, and an old one gone", async () => {
    const host = client();
    await host.refs({ gitUrl, kind: "branch" });
    await truth("branch", "feature/new", "v1.1.0");
    expect((await host.refs({ gitUrl, kind: "branch", search: "feature/new" })).items).toHaveLength(1);
    await truth("branch", "-D", "feature/new");
    expect((await host.refs({ gitUrl, kind: "branch", search: "feature/new" })).items).toEqual([]);
  });

  test("are listed even when the mirror cannot be made", async () => {
    const file = join(folder, "not-a-folder");
    await writeFile(file, "");
    const refs = await client({ cacheDir: join(file, "cache") }).refs({
      gitUrl,
      kind: "branch",
      search: "main",
    });
    expect(refs.items).toMatchObject([{ name: "main", head: null }]);
  });
});

describe("resolve", () => {
  test.each([
    ["a branch", "release/11.3", "release/11.3"],
    ["a full ref", "refs/tags/v1.1.0", "v1.1.0^{commit}"],
    ["an annotated tag", "v1.0.0", "v1.0.0^{commit}"],
    ["a light tag", "v9.9.9-crash", "v9.9.9-crash"],
  ])("%s", async (_, ref, revision) => {
    const commit = await truth("rev-parse", revision);
    expect(await client().resolve({ gitUrl, ref })).toMatchObject({ commit });
  });

  test("a commit, whole, shortened, or in capitals", async () => {
    const host = client();
    const commit = await truth("rev-parse", "main~2");
    for (const ref of [commit, commit.slice(0, 8), commit.slice(0, 10).toUpperCase()]) {
      expect(await host.resolve({ gitUrl, ref })).toMatchObject({
        commit,
        subject: await truth("log", "-1", "--format=%s", commit),
      });
    }
  });

  test("null for what is not there", async () => {
    const host = client();
    for (const ref of ["no-such-branch", "0123456789", "f".repeat(40)]) {
      expect(await host.resolve({ gitUrl, ref })).toBeNull();
    }
  });

  test("a branch that moved names its new commit", async () => {
    const host = client();
    await truth("branch", "moving", "v1.0.0");
    const before = await host.resolve({ gitUrl, ref: "moving" });
    const tree = await truth("rev-parse", "main^{tree}");
    const person = ["-c", "user.name=Tester", "-c", "user.email=tester@refract.example"];
    const next = await truth(
      ...person,
      "commit-tree",
      tree,
      "-p",
      "v1.0.0^{commit}",
      "-m",
      "QT-1999 后来的提交",
    );
    await truth("branch", "--force", "moving", next);
    expect(before?.commit).toBe(await truth("rev-parse", "v1.0.0^{commit}"));
    expect(await host.resolve({ gitUrl, ref: "moving" })).toMatchObject({
      commit: next,
      subject: "QT-1999 后来的提交",
    });
    await truth("branch", "-D", "moving");
  });
});

describe("commits", () => {
  test("are paged, newest first", async () => {
    const host = client();
    const all = (await truth("log", "--format=%H", "main")).split("\n");
    const first = await host.commits({ gitUrl, ref: "main", limit: 3 });
    const second = await host.commits({ gitUrl, ref: "main", limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map((entry) => entry.commit)).toEqual(all.slice(0, 6));
    expect(first.items[0]).toMatchObject({ authorEmail: "wang.haitao@refract.example" });
    expect(first.items[0]?.authoredAt).toEqual(new Date("2026-10-14T11:55:00+08:00"));
  });

  test("are searched by subject, author and id", async () => {
    const host = client();
    const find = async (search: string) =>
      (await host.commits({ gitUrl, ref: "main", search })).items.map((entry) => entry.subject);
    expect(await find("qt-1836")).toEqual(["QT-1836 行情响应带缓存时间"]);
    expect(await find("缓存")).toEqual(["QT-1836 行情响应带缓存时间"]);
    expect(await find("daniel")).toEqual(["QT-1833 add SMIC to the symbol list"]);
    const commit = await truth("rev-parse", "main~1");
    expect(await find(commit.slice(0, 5))).toEqual(["QT-1836 行情响应带缓存时间"]);
    const page = await host.commits({ gitUrl, ref: "main", search: "QT", limit: 1, cursor: "1" });
    expect(page).toMatchObject({ items: [{ subject: expect.stringContaining("QT") }], nextCursor: "2" });
    // The text is in the message's body only.
    expect(await find("连接重置")).toEqual([]);
  });

  test("of a ref that is not there is an error", async () => {
    const missing = client().commits({ gitUrl, ref: "no-such-branch" });
    await expect(missing).rejects.toMatchObject({ failure: "missing", retryable: false });
  });

  test("between two commits", async () => {
    const host = client();
    const wanted = (await truth("log", "--format=%H", "v1.1.0..v2.0.0")).split("\n");
    const from = await truth("rev-parse", "v1.1.0^{commit}");
    const to = await truth("rev-parse", "v2.0.0^{commit}");
    const page = await host.between({ gitUrl, from, to });
    expect(page.commits.map((entry) => entry.commit)).toEqual(wanted);
    expect(page.total).toBe(wanted.length);
    const short = await host.between({ gitUrl, from, to, limit: 1 });
    expect(short).toMatchObject({ commits: [{ commit: to }], total: wanted.length });
    const whole = await host.between({ gitUrl, from: null, to });
    expect(whole.total).toBe(Number(await truth("rev-list", "--count", "v2.0.0")));
    expect((await host.between({ gitUrl, from: to, to: from })).total).toBe(0);
  });
});

describe("what is refused", () => {
  test.each([
    "--upload-pack=touch /tmp/x",
    "ext::sh -c touch% /tmp/x",
    "file:///etc",
    "/etc/repository",
    "http://user:secret@127.0.0.1/a.git",
    "ssh://-oProxyCommand=x/a.git",
    "git@-host:a.git",
    "ftp://127.0.0.1/a.git",
  ])("URL %s", async (url) => {
    await expect(client().refs({ gitUrl: url, kind: "branch" })).rejects.toMatchObject({
      failure: "invalid",
      retryable: false,
    });
  });

  test.each([
    "--all",
    "main..v1.0.0",
    "main^{tree}",
    "HEAD@{1}",
    "a b",
    "main:README.md",
    "",
    "-n1",
    "a.lock",
    "x*",
  ])("ref %j", async (ref) => {
    await expect(client().resolve({ gitUrl, ref })).rejects.toMatchObject({ failure: "invalid" });
  });
});

describe("failures", () => {
  test("credentials: none, wrong, right, and for another host", async () => {
    const url = `${guarded.url}/quote-api.git`;
    const host = new URL(guarded.url).host;
    const good = { username: "robot", password: "s3cret" };
    const ask = (credentials: { host: string; username: string; password: string }[]) =>
      client({ credentials }).resolve({ gitUrl: url, ref: "main" });
    for (const credentials of [[], [{ host, ...good, password: "no" }], [{ ...good, host: "127.0.0.1:1" }]]) {
      await expect(ask(credentials)).rejects.toMatchObject({ failure: "unauthorized", retryable: false });
    }
    expect(await ask([{ host, ...good }])).toMatchObject({ commit: await truth("rev-parse", "main") });
    // The mirror remembers the URL, never the credentials.
    const [mirror = ""] = await readdir(join(folder, `cache-${caches}`));
    const config = await git([
      "--git-dir",
      join(folder, `cache-${caches}`, mirror),
      "config",
      "--list",
      "--local",
    ]);
    expect(config).toContain(url);
    expect(config).not.toContain("uthorization");
  });

  test("no repository, nobody there, no time, given up", async () => {
    const missing = client().refs({ gitUrl: `${server.url}/nothing.git`, kind: "tag" });
    await expect(missing).rejects.toMatchObject({ failure: "missing", retryable: false });
    const nobody = client().refs({ gitUrl: "http://127.0.0.1:9/a.git", kind: "tag" });
    await expect(nobody).rejects.toMatchObject({ failure: "unreachable", retryable: true });
    await expect(client({ timeoutMs: 1 }).refs({ gitUrl, kind: "tag" })).rejects.toThrow("no answer in time");
    const signal = AbortSignal.abort();
    await expect(client().refs({ gitUrl, kind: "tag" }, { signal })).rejects.toMatchObject({
      failure: "unreachable",
    });
  });
});

describe("the mirror", () => {
  test("has no contents of files, and serves many at the same time, also from two clients", async () => {
    const cacheDir = join(folder, "shared");
    const [one, two] = [client({ cacheDir }), client({ cacheDir })];
    const ask = (host: typeof one) => host.commits({ gitUrl, ref: "main", limit: 1 });
    const answers = await Promise.all([ask(one), ask(one), ask(two), ask(two)]);
    expect(new Set(answers.map(({ items: [entry] }) => entry?.commit)).size).toBe(1);
    const names = await readdir(cacheDir);
    expect(names).toHaveLength(1);
    const missing = await git([
      ...["--git-dir", join(cacheDir, names[0] ?? ""), "rev-list", "--objects", "--missing=print", "main"],
    ]);
    expect(missing).toMatch(/^\?[0-9a-f]{40}$/m);
  });

  test.each([
    ["too old", undefined, new Date(0)],
    ["of a dead process", `${hostname()} 999999999`, new Date()],
  ])("a lock that is %s is taken over", async (_, owner, at) => {
    const cacheDir = await mkdtemp(join(folder, "locked-"));
    const host = client({ cacheDir });
    await host.resolve({ gitUrl, ref: "main" });
    const [name = ""] = await readdir(cacheDir);
    await rm(join(cacheDir, name), { recursive: true });
    const lock = join(cacheDir, `${name}.lock`);
    await mkdir(lock);
    if (owner !== undefined) await writeFile(join(lock, "owner"), owner);
    await utimes(lock, at, at);
    expect((await host.commits({ gitUrl, ref: "main", limit: 1 })).items).toHaveLength(1);
    expect(await readdir(cacheDir)).toEqual([name]);
  });

  test("a lock that is held is respected", async () => {
    const cacheDir = await mkdtemp(join(folder, "held-"));
    const host = client({ cacheDir, fetchTimeoutMs: 5000 });
    await host.resolve({ gitUrl, ref: "main" });
    const [name = ""] = await readdir(cacheDir);
    await rm(join(cacheDir, name), { recursive: true });
    const lock = join(cacheDir, `${name}.lock`);
    await mkdir(lock);
    await writeFile(join(lock, "owner"), `${hostname()} ${process.pid}`);
    // Whoever waits so briefly takes a lock for old so soon: on a busy machine before it has even looked at it.
    const later = new Date(Date.now() + 3_600_000);
    await utimes(lock, later, later);
    await expect(client({ cacheDir, fetchTimeoutMs: 300 }).resolve({ gitUrl, ref: "main" })).rejects.toThrow(
      "busy",
    );
  });
});

test("a registered password is not sent unencrypted to another machine", async () => {
  const credentials = [{ host: "git.example.test", username: "robot", password: "s3cret" }];
  const host = createSourceHost({ cacheDir: tmpdir(), credentials });
  const asked = host.resolve({ gitUrl: "http://git.example.test/app.git", ref: "main" });
  await expect(asked).rejects.toMatchObject({ failure: "invalid" });
  await expect(asked).rejects.not.toThrow("s3cret");
});
