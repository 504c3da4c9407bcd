import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { git } from "#sandbox/git/git.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import { packet } from "./pkt-line.ts";
import { openRemote, type Remote } from "./remote.ts";
import { findRef, listRefs } from "./remote-refs.ts";
import { askRefs } from "./smart-http.ts";

const LIMITS = { timeoutMs: 30_000 };
let folder: string;
let server: RunningGit;
let guarded: RunningGit;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-smart-http-"));
  const dataDir = join(folder, "data");
  await seedRepositories({ dataDir });
  server = await startGit({ port: 0, dataDir });
  guarded = await startGit({ port: 0, dataDir, user: "robot", password: "s3cret" });
});
afterAll(async () => {
  await server.close();
  await guarded.close();
  await rm(folder, { recursive: true, force: true });
});

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of our own in front of the real one, which sees each request and may answer instead. */
let seen: { line: string; headers: IncomingMessage["headers"] }[] = [];
let instead: Handle | null = null;
const front = createServer((request, response) => {
  const { method, url, headers } = request;
  seen.push({ line: `${method} ${url}`, headers });
  if (instead) instead(request, response);
  else void pass(request, response);
});
let frontUrl = "";
const addressSchema = z.object({ port: z.number() });

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string" && !["host", "connection", "content-length"].includes(name))
      headers[name] = value;
  // An answer in the version that git would speak to an older server.
  if (older !== null) headers["git-protocol"] = older;
  const method = request.method ?? "GET";
  const answer = await fetch(`${server.url}${request.url}`, {
    method,
    headers,
    ...(method === "POST" ? { body: Buffer.concat(parts) } : {}),
  });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
  response.end(Buffer.from(await answer.arrayBuffer()));
}
let older: string | null = null;

beforeAll(async () => {
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  frontUrl = `http://127.0.0.1:${addressSchema.parse(front.address()).port}`;
});
afterAll(() => new Promise((resolve) => front.close(resolve)));
beforeEach(() => {
  [seen, instead, older] = [[], null, null];
});

let repositories = 0;
/** The address of one repository that nobody has asked yet. */
function fresh(base = frontUrl): Remote {
  repositories += 1;
  return openRemote(`${base}/quote-api.git${"/".repeat(repositories)}`, { cacheDir: folder });
}
const told = (...args: string[]) => git(["--git-dir", join(folder, "data/quote-api.git"), ...args]);
/** Branches and tags with the commits behind them, as git itself lists them in the server's repository. */
async function truth(): Promise<Map<string, string>> {
  const format = "--format=%(refname) %(objectname) %(*objectname)";
  const lines = (await told("for-each-ref", format, "refs/heads", "refs/tags")).trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [ref = "", id = "", behind = ""] = line.split(" ");
      return [ref, behind || id];
    }),
  );
}

describe.each([
  ["2", null],
  ["1", "version=1"],
  ["0", "version=0"],
])("a server of version %s", (_, protocol) => {
  test("names all branches and tags as git does", async () => {
    older = protocol;
    const known = await truth();
    for (const [kind, prefix] of [
      ["branch", "refs/heads/"],
      ["tag", "refs/tags/"],
    ] as const) {
      const refs = await listRefs(fresh(), kind, LIMITS);
      const expected = [...known].filter(([ref]) => ref.startsWith(prefix));
      expect(expected.length).toBeGreaterThan(1);
      expect(refs).toHaveLength(expected.length);
      for (const { name, commit } of refs) expect(commit).toBe(known.get(`${prefix}${name}`));
    }
    expect(seen.length).toBeGreaterThan(0);
    // Not by git, which would say so.
    for (const { headers } of seen) expect(headers["user-agent"]).toBe("git/refract");
  });

  test("a branch before a tag of the same name, the commit behind an annotated tag, nothing for a part of a name", async () => {
    older = protocol;
    await told("branch", "twice", "v1.1.0^{commit}");
    await told("tag", "twice", "v2.0.0^{commit}");
    const find = (name: string) => findRef(fresh(), name, LIMITS);
    const commit = async (revision: string) => (await told("rev-parse", `${revision}^{commit}`)).trim();
    expect(await find("twice")).toEqual({ kind: "branch", name: "twice", commit: await commit("v1.1.0") });
    expect(await find("refs/tags/twice")).toEqual({
      kind: "tag",
      name: "twice",
      commit: await commit("v2.0.0"),
    });
    expect(await find("v1.0.0")).toEqual({ kind: "tag", name: "v1.0.0", commit: await commit("v1.0.0") });
    expect(await find("twic")).toBeUndefined();
    expect(await find("release")).toBeUndefined();
    await told("branch", "-D", "twice");
    await told("tag", "-d", "twice");
  });
});

test("whoever is known to speak version 2 is asked once a question, and once more from the start when that fails", async () => {
  const remote = fresh();
  await findRef(remote, "main", LIMITS);
  expect(seen.map(({ line }) => line.split(" ")[0])).toEqual(["GET", "POST"]);
  seen = [];
  await findRef(remote, "main", LIMITS);
  expect(seen.map(({ line }) => line.split(" ")[0])).toEqual(["POST"]);
  seen = [];
  instead = (_, response) => response.writeHead(500).end();
  expect(await askRefs(remote, ["refs/heads/main"], LIMITS)).toBeNull();
  instead = null;
  seen = [];
  await findRef(remote, "main", LIMITS);
  expect(seen.map(({ line }) => line.split(" ")[0])).toEqual(["GET", "POST"]);
});

const advertisement = (body: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
  response.end(body);
};
test.each<[string, Handle]>([
  ["a redirect", (_, response) => response.writeHead(302, { location: `${server.url}/quote-api.git` }).end()],
  ["no such repository", (_, response) => response.writeHead(404).end("no")],
  [
    "a server that only has files",
    (_, response) => response.writeHead(200, { "content-type": "text/plain" }).end("0000"),
  ],
  ["nothing", advertisement("")],
  ["half a packet", advertisement("001e# service=git-upl")],
  ["no packet at all", advertisement("<html></html>")],
  ["an error of the server", advertisement("0010ERR go away\n")],
  ["a version 2 that lists no refs", advertisement("000eversion 2\n0010fetch=shallow0000")],
  ["a connection that breaks", (request) => request.socket.destroy()],
])("git asks where the answer is %s", async (_, answer) => {
  instead = answer;
  expect(await askRefs(fresh(), ["refs/heads/"], LIMITS)).toBeNull();
  expect(seen.length).toBeGreaterThan(0);
});

test("a redirect is followed by git, and a refusal is told once", async () => {
  instead = (request, response) =>
    response.writeHead(302, { location: `${server.url}${request.url?.replace(/\/+info/, "/info")}` }).end();
  expect(await findRef(fresh(), "main", LIMITS)).toMatchObject({ kind: "branch", name: "main" });
  expect(seen.map(({ headers }) => headers["user-agent"])).toContain("git/refract");
  expect(seen.some(({ headers }) => headers["user-agent"] !== "git/refract")).toBe(true);
});

test("an empty repository has no refs", async () => {
  instead = advertisement(
    `${packet("# service=git-upload-pack\n")}0000${packet(`${"0".repeat(40)} capabilities^{}\0agent=git/2.39\n`)}0000`,
  );
  expect(await askRefs(fresh(), ["refs/heads/"], LIMITS)).toEqual([]);
});

test("a credential goes along, is refused once, and is not told", async () => {
  const open = (password: string) =>
    openRemote(`${guarded.url}/quote-api.git`, {
      cacheDir: folder,
      credentials: [{ host: new URL(guarded.url).host, username: "robot", password }],
    });
  expect(await askRefs(open("s3cret"), ["refs/heads/main"], LIMITS)).toMatchObject([
    { ref: "refs/heads/main" },
  ]);
  const refused = askRefs(open("wr0ng"), ["refs/heads/main"], LIMITS);
  await expect(refused).rejects.toMatchObject({ failure: "unauthorized", retryable: false, status: 401 });
  await expect(refused).rejects.not.toThrow("wr0ng");
  const anonymous = openRemote(`${guarded.url}/quote-api.git`, { cacheDir: folder });
  expect(await askRefs(anonymous, ["refs/heads/main"], LIMITS)).toBeNull();
});

test("a server that does not answer is given up, by the time or by the caller", async () => {
  instead = () => undefined;
  const wanted = { failure: "unreachable", message: expect.stringContaining("no answer in time") };
  await expect(askRefs(fresh(), ["refs/heads/"], { timeoutMs: 200 })).rejects.toMatchObject(wanted);
  const signal = AbortSignal.timeout(200);
  await expect(askRefs(fresh(), ["refs/heads/"], { ...LIMITS, signal })).rejects.toMatchObject(wanted);
  front.closeAllConnections();
});

describe("what is set for git", () => {
  afterEach(() => {
    delete process.env.http_proxy;
  });
  test("a proxy leaves the question to git", async () => {
    process.env.http_proxy = "http://127.0.0.1:9";
    expect(await askRefs(fresh(), ["refs/heads/"], LIMITS)).toBeNull();
    expect(seen).toEqual([]);
  });
  test("SSH is git's own", async () => {
    const remote = openRemote("git@git.example.test:app.git", { cacheDir: folder });
    expect(await askRefs(remote, ["refs/heads/"], LIMITS)).toBeNull();
  });
});
