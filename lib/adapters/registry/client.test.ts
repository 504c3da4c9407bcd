import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { pushImage } from "#sandbox/registry/push.ts";
import { loadRecordings } from "#sandbox/registry/recording.ts";
import { type RunningRegistry, startRegistry } from "#sandbox/registry/server.ts";
import { createImageRegistry } from "./client.ts";
import { digestOf, OCI_INDEX, OCI_MANIFEST } from "./manifest.ts";

const recordings = loadRecordings();
const app = { repository: "refract/app", reference: "1.0" };

function recorded(number: string) {
  const found = recordings.get(number);
  if (!found) throw new Error(`no recording ${number}`);
  return found;
}

/** Sends a recorded answer as it was, apart from what `change` makes of each header. */
function replay(
  response: ServerResponse,
  number: string,
  change: (value: string) => string = (value) => value,
): void {
  const { status, headers, body } = recorded(number).response;
  for (const [name, value] of Object.entries(headers)) {
    if (name !== "content-length") response.setHeader(name, change(value));
  }
  response.writeHead(status);
  response.end(typeof body === "string" ? body : `${JSON.stringify(body)}\n`);
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that answers as `handle` says; returns its URL. */
async function stub(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the stub has no port");
  return `http://127.0.0.1:${address.port}`;
}

describe("against the sandbox registry", () => {
  const credentials = { username: "robot", password: "s3cret" };
  let folder: string;
  let open: RunningRegistry;
  let guarded: RunningRegistry;
  let digest: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "refract-registry-client-"));
    open = await startRegistry({ port: 0, dataDir: join(folder, "open") });
    const account = { user: credentials.username, password: credentials.password };
    guarded = await startRegistry({ port: 0, dataDir: join(folder, "guarded"), ...account });
    const content = {
      files: { "app/hello.txt": "hello" },
      config: { Labels: { "org.opencontainers.image.revision": "3bad12f" } },
    };
    digest = await pushImage({ registryUrl: open.url, repository: "refract/app", tag: "1.0" }, content);
    await pushImage({ registryUrl: open.url, repository: "refract/app", tag: "1.1" }, content);
    const target = { registryUrl: guarded.url, repository: "refract/app", tag: "1.0", credentials: account };
    await pushImage(target, content);
  });
  afterAll(async () => {
    await open.close();
    await guarded.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("resolves tags and digests, and tells what is missing", async () => {
    const registry = createImageRegistry({ url: open.url });
    await registry.ping();
    expect(await registry.resolve(app)).toBe(digest);
    expect(await registry.resolve({ ...app, reference: digest })).toBe(digest);
    expect(await registry.resolve({ ...app, reference: "9.9" })).toBeNull();
    expect(await registry.resolve({ ...app, reference: digestOf(Buffer.from("x")) })).toBeNull();
    expect(await registry.resolve({ repository: "never/pushed", reference: "1.0" })).toBeNull();
  });

  test("inspects an image", async () => {
    const registry = createImageRegistry({ url: open.url });
    const summary = await registry.inspect(app);
    expect(summary).toMatchObject({
      digest,
      mediaType: OCI_MANIFEST,
      createdAt: new Date("2026-01-01T00:00:00Z"),
      labels: { "org.opencontainers.image.revision": "3bad12f" },
    });
    expect(summary?.layers).toHaveLength(1);
    expect(summary?.sizeBytes).toBeGreaterThan(summary?.layers[0]?.sizeBytes ?? Number.POSITIVE_INFINITY);
    expect(await registry.inspect({ ...app, reference: "9.9" })).toBeNull();
  });

  test("an index keeps its own digest", async () => {
    const child = { mediaType: OCI_MANIFEST, digest, size: 1 };
    const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [child] });
    const url = `${open.url}/v2/refract/app/manifests/multi`;
    await fetch(url, { method: "PUT", headers: { "content-type": OCI_INDEX }, body });
    const registry = createImageRegistry({ url: open.url });
    const summary = await registry.inspect({ ...app, reference: "multi" });
    expect(summary).toMatchObject({
      digest: digestOf(Buffer.from(body)),
      mediaType: OCI_INDEX,
      sizeBytes: null,
    });
    expect(await registry.resolve({ ...app, reference: "multi" })).toBe(summary?.digest);
    await fetch(`${open.url}/v2/refract/app/manifests/${summary?.digest}`, { method: "DELETE" });
  });

  test("lists tags", async () => {
    const registry = createImageRegistry({ url: open.url });
    expect((await registry.tags("refract/app")).toSorted()).toEqual(["1.0", "1.1"]);
    expect(await registry.tags("never/pushed")).toEqual([]);
  });

  test("sends Basic credentials when they are asked for", async () => {
    const registry = createImageRegistry({ url: guarded.url, credentials });
    await registry.ping();
    expect(await registry.resolve(app)).toBe(digest);
    for (const wrong of [undefined, { username: "robot", password: "no" }]) {
      const refused = createImageRegistry({ url: guarded.url, credentials: wrong }).resolve(app);
      await expect(refused).rejects.toMatchObject({ failure: "unauthorized", retryable: false, status: 401 });
    }
  });

  test.each([
    { repository: "Refract/App", reference: "1.0" },
    { repository: "../v2/other", reference: "1.0" },
    { repository: "refract/app", reference: "sha256:1234" },
    { repository: "refract/app", reference: "1.0/../../x" },
  ])("refuses $repository:$reference without asking", async (image) => {
    const registry = createImageRegistry({ url: "http://127.0.0.1:9" });
    await expect(registry.resolve(image)).rejects.toMatchObject({ failure: "invalid", retryable: false });
  });
});

describe("against recorded answers", () => {
  test("a Docker image and its configuration (19, 31)", async () => {
    const url = await stub((request, response) => {
      expect(request.headers.authorization).toBeUndefined();
      if (request.url?.includes("/blobs/")) return replay(response, "31");
      expect(request.headers.accept).toBe(recorded("19").request.headers.accept);
      replay(response, "19");
    });
    const summary = await createImageRegistry({ url }).inspect(app);
    expect(summary).toMatchObject({
      digest: recorded("19").response.headers["docker-content-digest"],
      sizeBytes: 192 + 39,
      labels: { "org.opencontainers.image.revision": "3bad12f" },
    });
  });

  test("no tags left is an empty list (39)", async () => {
    const url = await stub((_, response) => replay(response, "39"));
    expect(await createImageRegistry({ url }).tags("refract/app")).toEqual([]);
  });

  test("a server error may be tried again, a refused request not (27, 20)", async () => {
    const broken = await stub((_, response) => replay(response, "27"));
    const failure = createImageRegistry({ url: broken }).resolve(app);
    await expect(failure).rejects.toMatchObject({ failure: "broken", retryable: true, status: 500 });
    const refused = createImageRegistry({ url: await stub((_, response) => replay(response, "20")) }).inspect(
      app,
    );
    await expect(refused).rejects.toMatchObject({ failure: "invalid", retryable: false, status: 400 });
  });

  test("tags are followed from page to page, but not to another host", async () => {
    const url = await stub((request, response) => {
      const last = new URL(request.url ?? "", "http://x").searchParams.get("last");
      if (last === null) response.setHeader("link", '</v2/refract/app/tags/list?n=1&last=a>; rel="next"');
      if (last === "b")
        response.setHeader("link", '<http://other.test/v2/refract/app/tags/list>; rel="next"');
      response.end(JSON.stringify({ name: "refract/app", tags: last === null ? ["a"] : ["b"] }));
    });
    expect(await createImageRegistry({ url }).tags("refract/app")).toEqual(["a", "b"]);
    const elsewhere = await stub((_, response) => {
      response.setHeader("link", '<http://other.test/v2/refract/app/tags/list>; rel="next"');
      response.end('{"tags":["a"]}');
    });
    await expect(createImageRegistry({ url: elsewhere }).tags("refract/app")).rejects.toThrow("another host");
  });

  test("content that is not its digest is not trusted", async () => {
    const url = await stub((_, response) => {
      response.setHeader("content-type", OCI_MANIFEST);
      response.setHeader("docker-content-digest", digestOf(Buffer.from("something else")));
      response.end("{}");
    });
    const result = createImageRegistry({ url }).inspect(app);
    await expect(result).rejects.toMatchObject({ failure: "broken", retryable: false });
  });

  test("a missing digest header is made up for by the content", async () => {
    const url = await stub((request, response) => {
      response.setHeader("content-type", OCI_MANIFEST);
      response.end(request.method === "HEAD" ? "" : "{}");
    });
    expect(await createImageRegistry({ url }).resolve(app)).toBe(digestOf(Buffer.from("{}")));
  });

  test("no answer is unreachable: nobody there, too slow, given up", async () => {
    const nobody = createImageRegistry({ url: "http://127.0.0.1:9" }).ping();
    await expect(nobody).rejects.toMatchObject({ failure: "unreachable", retryable: true });
    const url = await stub(() => undefined);
    const slow = createImageRegistry({ url, timeoutMs: 50 }).ping();
    await expect(slow).rejects.toThrow("did not answer in time");
    const signal = AbortSignal.abort();
    await expect(createImageRegistry({ url }).ping({ signal })).rejects.toMatchObject({
      failure: "unreachable",
    });
  });
});

describe("bearer tokens (44, 46)", () => {
  /** A registry that wants tokens, with its token server, which counts the tokens it gives. */
  async function tokenRegistry(expiresIn: number) {
    const state = { given: 0, valid: "", asked: [] as string[] };
    const url = await stub((request, response) => {
      const { authorization } = request.headers;
      if (request.url?.startsWith("/token")) {
        const good = `Basic ${Buffer.from("robot:s3cret").toString("base64")}`;
        if (authorization !== good) {
          response.writeHead(401).end();
          return;
        }
        state.given += 1;
        state.valid = `token-${state.given}`;
        state.asked.push(request.url);
        response.end(JSON.stringify({ token: state.valid, expires_in: expiresIn }));
        return;
      }
      const withRealm = (value: string) => value.replace("https://auth.test", url);
      if (authorization === undefined) replay(response, "44", withRealm);
      else if (authorization === `Bearer ${state.valid}`) replay(response, "11");
      else replay(response, "46", withRealm);
    });
    return { url, state };
  }
  const credentials = { username: "robot", password: "s3cret" };
  const digest = recorded("11").response.headers["docker-content-digest"];

  test("one token serves many calls, also at the same time", async () => {
    const { url, state } = await tokenRegistry(300);
    const registry = createImageRegistry({ url, credentials });
    const found = await Promise.all([registry.resolve(app), registry.resolve(app), registry.resolve(app)]);
    expect(found).toEqual([digest, digest, digest]);
    expect(await registry.resolve(app)).toBe(digest);
    expect(state.given).toBe(1);
    const query = new URL(state.asked[0] ?? "", url).searchParams;
    expect(query.get("service")).toBe("registry.test");
    expect(query.getAll("scope")).toEqual(["repository:refract/app:pull"]);
  });

  test("an expired token is replaced", async () => {
    const { url, state } = await tokenRegistry(1);
    const registry = createImageRegistry({ url, credentials });
    await registry.resolve(app);
    expect(await registry.resolve(app)).toBe(digest);
    expect(state.given).toBe(2);
  });

  test("a token that the registry no longer knows is replaced", async () => {
    const { url, state } = await tokenRegistry(300);
    const registry = createImageRegistry({ url, credentials });
    await registry.resolve(app);
    state.valid = "revoked";
    expect(await registry.resolve(app)).toBe(digest);
    expect(state.given).toBe(2);
  });

  test("refused credentials are said to be refused", async () => {
    const { url } = await tokenRegistry(300);
    const registry = createImageRegistry({ url, credentials: { username: "robot", password: "no" } });
    await expect(registry.resolve(app)).rejects.toMatchObject({ failure: "unauthorized", retryable: false });
  });

  test("credentials are not sent to a token server over another scheme", async () => {
    const url = await stub((_, response) =>
      replay(response, "44", (value) => value.replace("https://auth.test", "ftp://auth.test")),
    );
    await expect(createImageRegistry({ url, credentials }).resolve(app)).rejects.toMatchObject({
      failure: "invalid",
    });
  });
});
