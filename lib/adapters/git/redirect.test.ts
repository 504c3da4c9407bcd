import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import { createSourceHost } from "./client.ts";
import type { GitConfig } from "./config.ts";

// A Git host may send its clients elsewhere: to another name of a repository, or to another host altogether.

let folder: string;
let open: RunningGit;
let guarded: RunningGit;
const servers: Server[] = [];
const ROBOT = { username: "robot", password: "s3cret" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-git-redirect-"));
  const dataDir = join(folder, "data");
  await seedRepositories({ dataDir });
  open = await startGit({ port: 0, dataDir });
  guarded = await startGit({ port: 0, dataDir, user: ROBOT.username, password: ROBOT.password });
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await open.close();
  await guarded.close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(answer: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}
function passOn(to: RunningGit, incoming: IncomingMessage, response: ServerResponse): void {
  const { hostname, port } = new URL(to.url);
  const { method, url: path, headers } = incoming;
  const outgoing = request({ hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(outgoing);
}
const refsAt = (host: string, repository: string, admit?: GitConfig["admit"]) =>
  createSourceHost({
    admit,
    cacheDir: join(folder, `cache-${servers.length}`),
    headsWaitMs: 30_000,
    credentials: [{ host, ...ROBOT }],
  }).refs({ gitUrl: `http://${host}/${repository}`, kind: "branch" });

test("another host that a redirect leads to is asked without the credential of the first", async () => {
  const heard: (string | undefined)[] = [];
  const elsewhere = await serve((incoming, response) => {
    heard.push(incoming.headers.authorization);
    passOn(open, incoming, response);
  });
  const host = await serve((incoming, response) =>
    response.writeHead(302, { location: `http://${elsewhere}${incoming.url}` }).end(),
  );
  const { items } = await refsAt(host, "quote-api.git");
  expect(items.map(({ name }) => name)).toContain("main");
  expect(heard.length).toBeGreaterThan(1);
  expect(heard.filter((authorization) => authorization !== undefined)).toEqual([]);
});

test("another host that asks for a credential gets none", async () => {
  const heard: (string | undefined)[] = [];
  const elsewhere = await serve((incoming, response) => {
    heard.push(incoming.headers.authorization);
    passOn(guarded, incoming, response);
  });
  const host = await serve((incoming, response) =>
    response.writeHead(302, { location: `http://${elsewhere}${incoming.url}` }).end(),
  );
  await expect(refsAt(host, "quote-api.git")).rejects.toMatchObject({ failure: "unauthorized" });
  expect(heard.filter((authorization) => authorization !== undefined)).toEqual([]);
});

test("a repository that has another name on the same host by now is read", async () => {
  const host = await serve((incoming, response) => {
    if (incoming.url?.startsWith("/old-name"))
      response.writeHead(301, { location: incoming.url.replace("/old-name", "/quote-api.git") }).end();
    else passOn(guarded, incoming, response);
  });
  const { items } = await refsAt(host, "old-name");
  expect(items.map(({ name }) => name)).toContain("main");
});

test("where a redirect leads is looked at as the first address was, and git goes nowhere else", async () => {
  const heard: (string | undefined)[] = [];
  const elsewhere = await serve((incoming, response) => {
    heard.push(incoming.url);
    passOn(open, incoming, response);
  });
  const host = await serve((incoming, response) =>
    response.writeHead(302, { location: `http://${elsewhere}${incoming.url}` }).end(),
  );
  const asked: string[] = [];
  const admit = async (server: string) => {
    asked.push(server);
    if (server.endsWith(elsewhere)) throw new AdapterError("invalid", `${elsewhere} is not allowed`);
    return ["127.0.0.1"];
  };
  await expect(refsAt(host, "quote-api.git", admit)).rejects.toMatchObject({
    failure: "invalid",
    message: `${elsewhere} is not allowed`,
  });
  expect(asked).toEqual([`http://${host}`, `http://${elsewhere}`]);
  expect(heard).toEqual([]);
});

test("git connects to the addresses that were admitted, whatever the name leads to by then", async () => {
  const port = new URL(open.url).port;
  // Nobody resolves this name: only the address that was admitted leads anywhere.
  const host = createSourceHost({
    cacheDir: join(folder, "cache-pinned"),
    headsWaitMs: 30_000,
    admit: async () => ["127.0.0.1"],
  });
  const { items } = await host.refs({ gitUrl: `http://git.invalid:${port}/quote-api.git`, kind: "branch" });
  expect(items.map(({ name }) => name)).toContain("main");
});

test("behind a proxy, which finds names by itself, addresses are looked at all the same", async () => {
  const asked: string[] = [];
  const host = createSourceHost({
    cacheDir: join(folder, "cache-proxied"),
    admit: async (server) => {
      asked.push(server);
      throw new AdapterError("invalid", "not allowed");
    },
  });
  // Nobody listens there: what is not refused cannot be reached.
  vi.stubEnv("http_proxy", "http://127.0.0.1:9");
  const refs = (server: string) => host.refs({ gitUrl: `${server}/a.git`, kind: "branch" });
  await expect(refs("http://169.254.169.254")).rejects.toMatchObject({ failure: "invalid" });
  await expect(refs("http://git.invalid")).rejects.toMatchObject({ failure: "unreachable" });
  expect(asked).toEqual(["http://169.254.169.254"]);
  vi.unstubAllEnvs();
});

test.each(["git@git.example:a.git", "ssh://git@git.example/a.git"])(
  "%s is looked at before ssh runs",
  async (gitUrl) => {
    const asked: string[] = [];
    const host = createSourceHost({
      cacheDir: join(folder, "cache-ssh"),
      admit: async (server) => {
        asked.push(server);
        throw new AdapterError("invalid", "not allowed");
      },
    });
    await expect(host.refs({ gitUrl, kind: "branch" })).rejects.toMatchObject({ message: "not allowed" });
    expect(asked).toEqual(["ssh://git.example"]);
  },
);

test.each([
  ["another protocol", "ssh://127.0.0.1/quote-api.git/info/refs?service=git-upload-pack"],
  ["a page", "/sign-in"],
  ["nowhere", ""],
  ["itself, again and again", "/loop/info/refs?service=git-upload-pack"],
])("a redirect to %s is told as what it is", async (_, location) => {
  const host = await serve((__, response) => response.writeHead(302, location ? { location } : {}).end());
  await expect(refsAt(host, "quote-api.git")).rejects.toMatchObject({ failure: "missing" });
});
