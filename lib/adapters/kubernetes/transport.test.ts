import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import type { Cluster, Manifest } from "../ports.ts";
import { createCluster } from "./cluster.ts";
import { MAX_TRIES } from "./retry.ts";

/** What a server does with one request; it does the last one again for all that follow. */
type Deed = (request: IncomingMessage, response: ServerResponse) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const VERSION = '{"gitVersion":"v1.34.0"}';
const say =
  (status: number, body: string, headers: Record<string, string> = {}): Deed =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
const fine = say(200, VERSION);
const dropBefore: Deed = (request) => request.socket.resetAndDestroy();
const dropHalfWay: Deed = (_, response) => {
  response.writeHead(200, { "content-length": VERSION.length });
  response.write(VERSION.slice(0, 8));
  setTimeout(() => response.destroy(), 10);
};
const hang: Deed = () => {};

async function serverThat(deeds: Deed[], timeoutMs = 10_000) {
  const seen: { method: string; path: string }[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    seen.push({ method: request.method ?? "", path: request.url?.split("?")[0] ?? "" });
    const deed = deeds.length > 1 ? deeds.shift() : deeds[0];
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.once("end", () => {
      bodies.push(Buffer.concat(parts).toString("utf8"));
      deed?.(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address?.port}`;
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: url, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "c", context: { cluster: "c" } }],
  });
  return { cluster: createCluster({ kubeconfig, timeoutMs }), seen, bodies };
}
const failureOf = async (call: Promise<unknown>): Promise<AdapterError> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AdapterError) return error;
  throw new Error("the call did not fail as an adapter's does", { cause: error });
};

const object: Manifest = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n" },
  data: {},
};
const ref = { apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: "a" };
const stored = JSON.stringify(object);
const missing = JSON.stringify({
  kind: "Status",
  message: 'configmaps "a" not found',
  reason: "NotFound",
  details: { name: "a", kind: "configmaps" },
  code: 404,
});
const soon = { "retry-after": "0" };

describe("a server that refuses for now", () => {
  test.each([
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 1_500).toUTCString()],
  ])("429 with Retry-After in %s: waits as long", async (_, header) => {
    const until = header();
    const { cluster, seen } = await serverThat([
      say(429, "Too many requests", { "retry-after": until }),
      fine,
    ]);
    const began = Date.now();
    expect(await cluster.version()).toEqual({ gitVersion: "v1.34.0" });
    expect(seen).toHaveLength(2);
    // A server must not be asked before the time it named; how much later is not ours to promise.
    const named = until === "1" ? began + 1_000 : Date.parse(until);
    expect(Date.now()).toBeGreaterThanOrEqual(named - 20);
  });

  test("429 for every call, since nothing was done", async () => {
    const calls: [string, string, (cluster: Cluster) => Promise<unknown>][] = [
      ["apply", stored, (cluster) => cluster.apply(object)],
      ["mergePatch", stored, (cluster) => cluster.mergePatch(ref, {})],
      ["scale", "{}", (cluster) => cluster.scale(ref, 1)],
      ["remove", "{}", (cluster) => cluster.remove(ref)],
    ];
    for (const [name, body, call] of calls) {
      const { cluster, seen } = await serverThat([say(429, "", soon), say(200, body)]);
      await call(cluster);
      expect({ name, requests: seen.length }).toEqual({ name, requests: 2 });
    }
  });

  test("a Retry-After beyond the call's time: given up at once", async () => {
    const { cluster, seen } = await serverThat([say(429, "", { "retry-after": "60" })]);
    expect(await failureOf(cluster.version())).toMatchObject({ failure: "throttled", retryable: true });
    expect(seen).toHaveLength(1);
  });
});

describe("a server that fails", () => {
  test.each([500, 502, 503, 504])("%i: what leaves no trace is asked again", async (status) => {
    const { cluster, seen } = await serverThat([say(status, "away", soon), fine]);
    expect(await cluster.version()).toEqual({ gitVersion: "v1.34.0" });
    expect(seen).toHaveLength(2);
  });

  test("a lasting failure is told after the stated number of tries", async () => {
    const { cluster, seen } = await serverThat([say(503, "away", soon)]);
    expect(await failureOf(cluster.version())).toMatchObject({
      failure: "broken",
      status: 503,
      retryable: true,
    });
    expect(seen).toHaveLength(MAX_TRIES);
  });

  test("503: a dry run is asked again, a change is not", async () => {
    const deeds = () => [say(503, "away", soon), say(200, stored)];
    const dry = await serverThat(deeds());
    expect(await dry.cluster.apply(object, { dryRun: true })).toMatchObject({ ok: true });
    const real = await serverThat(deeds());
    expect(await failureOf(real.cluster.apply(object))).toMatchObject({ failure: "broken", retryable: true });
    expect(real.seen).toHaveLength(1);
    const patched = await serverThat(deeds());
    await failureOf(patched.cluster.mergePatch(ref, {}));
    expect(patched.seen).toHaveLength(1);
  });

  test("what a service answers through the proxy is the answer", async () => {
    const { cluster, seen } = await serverThat([say(503, "warming up")]);
    const target = { namespace: "n", service: "s", port: "http", path: "/" };
    expect(await cluster.proxyGet(target)).toEqual({ status: 503, body: "warming up" });
    expect(seen).toHaveLength(1);
  });
});

describe("a connection that is lost", () => {
  test.each([
    ["before the answer", dropBefore],
    ["half-way through the answer", dropHalfWay],
  ])("%s: asked again", async (_, drop) => {
    const { cluster, seen } = await serverThat([drop, drop, fine]);
    expect(await cluster.version()).toEqual({ gitVersion: "v1.34.0" });
    expect(seen).toHaveLength(3);
  });

  test("always: told after the stated number of tries", async () => {
    const { cluster, seen } = await serverThat([dropBefore]);
    expect(await failureOf(cluster.version())).toMatchObject({ failure: "unreachable", retryable: true });
    expect(seen).toHaveLength(MAX_TRIES);
  });

  test.each([
    ["before", dropBefore],
    ["half-way through", dropHalfWay],
  ])("%s the answer to a change: the caller is told, who looks before trying again", async (_, drop) => {
    const { cluster, seen } = await serverThat([drop, say(200, stored)]);
    expect(await failureOf(cluster.apply(object))).toMatchObject({ failure: "unreachable", retryable: true });
    expect(seen).toHaveLength(1);
    expect(await cluster.apply(object)).toMatchObject({ ok: true });
  });

  test("after the deletion was done: gone at the second try is done", async () => {
    const { cluster, seen } = await serverThat([dropBefore, say(404, missing)]);
    expect(await cluster.remove(ref)).toBe(true);
    expect(seen).toHaveLength(2);
    const never = await serverThat([say(404, missing)]);
    expect(await never.cluster.remove(ref)).toBe(false);
    const throttled = await serverThat([say(429, "", soon), say(404, missing)]);
    expect(await throttled.cluster.remove(ref)).toBe(false);
  });

  test("after the answer: the next call takes a new connection", async () => {
    const dropAfter: Deed = (request, response) => {
      response.end(VERSION, () => setTimeout(() => request.socket.resetAndDestroy(), 10));
    };
    const { cluster, seen } = await serverThat([dropAfter, fine]);
    await cluster.version();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await cluster.version()).toEqual({ gitVersion: "v1.34.0" });
    expect(seen).toHaveLength(2);
  });

  test("while a list is read, page by page: the page is asked for again, not the list", async () => {
    const page = (name: string, next: string) =>
      say(
        200,
        JSON.stringify({
          metadata: { resourceVersion: "7", continue: next },
          items: [{ metadata: { name } }],
        }),
      );
    const { cluster, seen } = await serverThat([page("a", "x"), dropHalfWay, page("b", "")]);
    const { items } = await cluster.list({ apiVersion: "v1", kind: "ConfigMap", namespace: "n" });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    expect(seen).toHaveLength(3);
  });

  test("before a watch or a log begins: begun again", async () => {
    const { cluster, seen } = await serverThat([dropBefore, say(200, "")]);
    const kind = { apiVersion: "v1", kind: "ConfigMap", namespace: "n" };
    expect(await cluster.watch(kind, { resourceVersion: "1", onEvent: () => {} })).toEqual({
      ended: "server",
    });
    expect(seen).toHaveLength(2);
  });
});

describe("a server that says nothing", () => {
  test.each([
    ["no answer", hang, "no answer within"],
    [
      "no end of the answer",
      ((_, response) => {
        response.writeHead(200).write("{");
      }) satisfies Deed,
      "did not end within",
    ],
  ])("%s: asked once, and told when the time is over", async (_, deed, message) => {
    const { cluster, seen } = await serverThat([deed], 300);
    expect(await failureOf(cluster.version())).toMatchObject({
      failure: "unreachable",
      retryable: true,
      message: expect.stringContaining(message),
    });
    expect(seen).toHaveLength(1);
  });

  test("no new try begins once the call's time has passed", async () => {
    // The second would begin two seconds after the first at the earliest.
    const late: Deed = (_, response) =>
      setTimeout(() => response.writeHead(503, { "retry-after": "1" }).end(), 1_000);
    const { cluster, seen } = await serverThat([late], 1_900);
    expect(await failureOf(cluster.version())).toMatchObject({ failure: "broken" });
    expect(seen).toHaveLength(1);
  });

  test("the caller's signal ends the wait for the next try", async () => {
    const { cluster, seen } = await serverThat([say(429, "", { "retry-after": "5" })]);
    const giveUp = new AbortController();
    const call = failureOf(cluster.version({ signal: giveUp.signal }));
    setTimeout(() => giveUp.abort(), 50);
    expect(await call).toMatchObject({ failure: "unreachable" });
    expect(seen).toHaveLength(1);
  });
});

test("text that YAML would read in another way than JSON goes out escaped", async () => {
  const { cluster, bodies } = await serverThat([say(200, stored)]);
  const data = { a: "\u2028 \u2029 \u0085 \u007f \ufeff 中文 🚀" };
  await cluster.apply({ ...object, data });
  const [body = ""] = bodies;
  expect(JSON.parse(body).data).toEqual(data);
  expect(body).toContain('"\\u2028 \\u2029 \\u0085 \\u007f \\ufeff 中文 🚀"');
});
