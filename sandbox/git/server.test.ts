import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git } from "./git.ts";
import { DEMO_HISTORIES, seedRepositories } from "./seed.ts";
import { type RunningGit, startGit } from "./server.ts";

const names = DEMO_HISTORIES.map((history) => history.name);
let folder: string;
let server: RunningGit;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-git-"));
  await seedRepositories({ dataDir: join(folder, "data") });
  server = await startGit({ port: 0, dataDir: join(folder, "data") });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function clone(name: string, ...options: string[]): Promise<string> {
  const path = await mkdtemp(join(folder, "clone-"));
  await git(["clone", "--quiet", ...options, `${server.url}/${name}.git`, path]);
  return path;
}

describe("demo repositories", () => {
  test("are made once", async () => {
    expect(await seedRepositories({ dataDir: join(folder, "data") })).toEqual(
      names.map((name) => ({ name, created: false })),
    );
  });

  test.each(names)(
    "%s: main is what the folder holds, with versions, a release branch and a feature",
    async (name) => {
      const path = await clone(name);
      const files = (await git(["-C", path, "ls-files"])).trim().split("\n");
      expect(files).toContain("Dockerfile");
      for (const file of files) {
        const source = fileURLToPath(new URL(`./repositories/${name}/${file}`, import.meta.url));
        expect(await readFile(join(path, file), "utf8")).toBe(await readFile(source, "utf8"));
      }
      const refs = await git(["-C", path, "for-each-ref", "--format=%(refname) %(objecttype)"]);
      for (const version of ["v1.0.0", "v1.1.0", "v2.0.0"])
        expect(refs).toContain(`refs/tags/${version} tag`);
      expect(refs).toContain("refs/remotes/origin/release/11.3 commit");
      expect(refs).toMatch(/refs\/remotes\/origin\/feature\/QT-\d+/);
      const authors = (await git(["-C", path, "log", "--all", "--format=%an"])).trim().split("\n");
      expect(authors.length).toBeGreaterThanOrEqual(8);
      expect(new Set(authors).size).toBeGreaterThanOrEqual(3);
    },
  );

  test("can be pushed to an empty server, once", async () => {
    const dataDir = join(folder, "empty");
    const other = await startGit({ port: 0, dataDir, user: "robot", password: "p@ss" });
    try {
      for (const name of names) await git(["init", "--quiet", "--bare", join(dataDir, `${name}.git`)]);
      const baseUrl = other.url.replace("http://", "http://robot:p%40ss@");
      expect(await seedRepositories({ baseUrl })).toEqual(names.map((name) => ({ name, created: true })));
      expect(await seedRepositories({ baseUrl })).toEqual(names.map((name) => ({ name, created: false })));
      const head = (root: string) =>
        git(["--git-dir", join(root, "risk-check.git"), "rev-parse", "main", "v2.1.0-crash"]);
      expect(await head(dataDir)).toBe(await head(join(folder, "data")));
      await expect(seedRepositories({ baseUrl: other.url })).rejects.toThrow(/ls-remote/);
    } finally {
      await other.close();
    }
  });
});

describe("smart HTTP", () => {
  test.each(["0", "1", "2"])("protocol version %s lists refs", async (version) => {
    const refs = await git(["-c", `protocol.version=${version}`, "ls-remote", `${server.url}/quote-api.git`]);
    expect(refs).toMatch(/^[0-9a-f]{40}\trefs\/heads\/release\/11\.3$/m);
    expect(refs).toMatch(/refs\/tags\/v1\.0\.0\^\{\}$/m);
  });

  test("a partial clone gets commits without files", async () => {
    const path = await clone("quote-api", "--bare", "--filter=blob:none");
    const missing = await git(["-C", path, "rev-list", "--objects", "--missing=print", "main"]);
    expect(missing).toMatch(/^\?[0-9a-f]{40}$/m);
  });

  test("a push arrives, a push over somebody else's is refused", async () => {
    const [first, second] = [await clone("tick-store"), await clone("tick-store")];
    const commit = async (path: string, text: string) => {
      await writeFile(join(path, "NOTE"), text);
      await git(["-C", path, "add", "NOTE"]);
      const person = ["-c", "user.name=Tester", "-c", "user.email=tester@refract.example"];
      await git(["-C", path, ...person, "commit", "--quiet", "-m", text]);
    };
    await commit(first, "first");
    await commit(second, "second");
    await git(["-C", first, "push", "--quiet", "origin", "HEAD:refs/heads/note"]);
    await expect(git(["-C", second, "push", "--quiet", "origin", "HEAD:refs/heads/note"])).rejects.toThrow(
      /rejected/,
    );
    const head = await git([
      "--git-dir",
      join(folder, "data/tick-store.git"),
      "log",
      "-1",
      "--format=%s",
      "note",
    ]);
    expect(head.trim()).toBe("first");
  });

  test.each(["/nothing.git", "/../data/quote-api.git", "/%2e%2e/data/quote-api.git", "/.hidden.git"])(
    "%s is not a repository",
    async (path) => {
      const answer = await fetch(`${server.url}${path}/info/refs?service=git-upload-pack`);
      expect(answer.status).toBe(404);
    },
  );

  test("credentials are asked for", async () => {
    const guarded = await startGit({
      port: 0,
      dataDir: join(folder, "data"),
      user: "robot",
      password: "s3cret",
    });
    try {
      await expect(git(["ls-remote", `${guarded.url}/quote-api.git`])).rejects.toThrow(
        /Username|Authentication/,
      );
      const answer = await fetch(guarded.url);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Basic realm="Git"');
    } finally {
      await guarded.close();
    }
  });
});
