import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { type RunningGit, startGit } from "#sandbox/git/server.ts";
import { createSourceHost } from "./client.ts";

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
const refsAt = (host: string, repository: string) =>
  createSourceHost({
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
