import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { makeWorld, type World } from "#lib/deployments/testing/world.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { readPodLog } from "./pod-log.ts";
import { podLogQuerySchema } from "./schema.ts";

await testDatabase();
const PIECE = Buffer.alloc(64 * 1024, "行情 0123456789abcdef\n");
// A byte that is no text anywhere: what is downloaded is what the program wrote.
PIECE[1000] = 0xff;
const PIECES = 1600;
const labels = { "app.kubernetes.io/part-of": "shop", "refract.dev/environment": "FAT" };

let world: World;
let server: Server;
const log = { sent: 0, closed: 0, queries: [] as URLSearchParams[] };
function* pieces() {
  for (let n = 0; n < PIECES; n += 1) {
    log.sent += PIECE.length;
    yield PIECE;
  }
}
/** An API server with one pod, whose log is a hundred megabytes that come as fast as they are taken. */
beforeAll(async () => {
  world = await makeWorld();
  const real = `http://127.0.0.1:${world.kubernetes[0]?.port}`;
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", real);
    if (url.pathname.endsWith("/pods/p")) {
      response.end(
        JSON.stringify({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "p", namespace: "shop-fat", labels },
        }),
      );
    } else if (url.pathname.endsWith("/pods/p/log")) {
      log.queries.push(url.searchParams);
      response.on("close", () => {
        log.closed += 1;
      });
      await pipeline(Readable.from(pieces(), { highWaterMark: 1 }), response).catch(() => undefined);
    } else {
      const answer = await fetch(url, { headers: { authorization: "Bearer admin" } });
      response.writeHead(answer.status).end(await answer.text());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "one",
    clusters: [
      { name: "one", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
    ],
    users: [{ name: "one", user: { token: "admin" } }],
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
  });
  const { id } = await db.cluster.findFirstOrThrow();
  const credentialEncrypted = encryptSecret(kubeconfig, secretContext.cluster(id));
  await db.cluster.update({ where: { id }, data: { credentialEncrypted } });
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await world?.close();
});

const open = async (query: Record<string, string>, signal = new AbortController().signal) =>
  readPodLog({
    actor: await world.actor("dev"),
    signal,
    project: "shop",
    environment: "FAT",
    pod: "p",
    ...podLogQuerySchema.parse({ cluster: "cluster-1", ...query }),
  });

test("a slow reader holds the cluster back, then gets every byte unchanged", async () => {
  const response = await open({ download: "1", container: "app", since: "300", timestamps: "1" });
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="p.app.log"');
  expect(Object.fromEntries(log.queries[0] ?? [])).toMatchObject({
    container: "app",
    sinceSeconds: "300",
    timestamps: "true",
  });
  const reader = response.body?.getReader();
  const hash = createHash("sha256");
  let bytes = 0;
  const take = async () => {
    const next = await reader?.read();
    if (!next || next.done) return false;
    hash.update(next.value);
    bytes += next.value.length;
    return true;
  };
  await take();
  let before = -1;
  await vi.waitFor(
    () => {
      const still = log.sent === before;
      before = log.sent;
      expect(still).toBe(true);
    },
    { timeout: 30_000, interval: 250 },
  );
  // What lies in sockets and one piece here; the log is sixteen times that.
  expect(log.sent).toBeLessThan((PIECES / 8) * PIECE.length);
  while (await take());
  expect(bytes).toBe(PIECES * PIECE.length);
  const wanted = createHash("sha256");
  for (let n = 0; n < PIECES; n += 1) wanted.update(PIECE);
  expect(hash.digest("hex")).toBe(wanted.digest("hex"));
});

test("a reader who goes away ends the answer of the cluster, too", async () => {
  const closed = log.closed;
  const response = await open({ follow: "1", previous: "1" });
  expect(Object.fromEntries(log.queries.at(-1) ?? [])).toMatchObject({ follow: "true", previous: "true" });
  await response.body?.cancel();
  await vi.waitFor(() => expect(log.closed).toBe(closed + 1), { timeout: 30_000 });
  const stop = new AbortController();
  const second = await open({}, stop.signal);
  const reader = second.body?.getReader();
  await reader?.read();
  stop.abort();
  await vi.waitFor(() => expect(log.closed).toBe(closed + 2), { timeout: 30_000 });
});

test("a reader who loses the role while following hears no more within five seconds", async () => {
  const closed = log.closed;
  const response = await open({ follow: "1" });
  const reader = response.body?.getReader();
  await reader?.read();
  const { dev } = world.people;
  await db.membership.deleteMany({ where: { userId: dev } });
  const at = performance.now();
  // Not taken further: it is the cluster's answer that must end, however slow the reader is.
  await vi.waitFor(() => expect(log.closed).toBe(closed + 1), { timeout: 30_000, interval: 50 });
  expect(performance.now() - at).toBeLessThan(5_000);
  const { projectId } = world;
  await db.membership.create({ data: { projectId, userId: dev, role: "developer" } });
  await expect(
    (async () => {
      while (!(await reader?.read())?.done);
    })(),
  ).rejects.toThrow();
});
