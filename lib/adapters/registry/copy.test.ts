import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushImage } from "#sandbox/registry/push.ts";
import { type RunningRegistry, startRegistry } from "#sandbox/registry/server.ts";
import type { ImageRegistry } from "../ports.ts";
import { createImageRegistry } from "./client.ts";
import { digestOf, OCI_INDEX, OCI_MANIFEST } from "./manifest.ts";

const account = { user: "robot", password: "s3cret" };
let folder: string;
let running: RunningRegistry[];
let source: ImageRegistry;
let target: ImageRegistry;
let digest: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "refract-copy-"));
  const open = await startRegistry({ port: 0, dataDir: join(folder, "open") });
  const guarded = await startRegistry({ port: 0, dataDir: join(folder, "guarded"), ...account });
  running = [open, guarded];
  source = createImageRegistry({ url: open.url });
  const credentials = { username: account.user, password: account.password };
  target = createImageRegistry({ url: guarded.url, credentials });
  const place = { registryUrl: open.url, repository: "team/app", tag: "1.0" };
  digest = await pushImage(place, { files: { "a.txt": "hello" }, config: {} });
});
afterAll(async () => {
  for (const registry of running) await registry.close();
  await rm(folder, { recursive: true, force: true });
});

const put = async (reference: string, type: string, manifest: object) => {
  const body = JSON.stringify(manifest);
  const url = `${source.address}/v2/team/app/manifests/${reference}`;
  const answer = await fetch(url, { method: "PUT", headers: { "content-type": type }, body });
  expect(answer.status).toBe(201);
  return digestOf(Buffer.from(body));
};

test("an image goes over by its digest, and again at no cost", async () => {
  const places = { from: { repository: "team/app", digest }, to: { repository: "prod/app", tag: "1.0" } };
  let counted = 0;
  const onSent = (bytes: number) => {
    counted += bytes;
  };
  const first = await target.copyFrom(source, places, { onSent });
  expect(first).toMatchObject({ digest, mountedBytes: 0, presentBytes: 0, sentBytes: counted });
  expect(counted).toBe((await source.inspect({ repository: "team/app", reference: digest }))?.sizeBytes);
  expect(await target.resolve({ repository: "prod/app", reference: "1.0" })).toBe(digest);
  expect(await target.copyFrom(source, places)).toMatchObject({ sentBytes: 0, presentBytes: counted });
});

test("within one registry blobs are mounted", async () => {
  const places = { from: { repository: "team/app", digest }, to: { repository: "prod/app", tag: "m" } };
  expect(await source.copyFrom(source, places)).toMatchObject({ sentBytes: 0, presentBytes: 0 });
  expect(await source.resolve({ repository: "prod/app", reference: "m" })).toBe(digest);
});

test("an index takes its images and what is signed with it", async () => {
  const size = (await source.manifest({ repository: "team/app", reference: digest }))?.body.length ?? 0;
  const platform = { os: "linux", architecture: "amd64" };
  const child = { mediaType: OCI_MANIFEST, digest, size, platform };
  const index = await put("all", OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [child] });
  const own = await source.manifest({ repository: "team/app", reference: digest });
  const signature = JSON.parse(own?.body.toString() ?? "");
  const tag = `${index.replace(":", "-")}.sig`;
  const signed = await put(tag, OCI_MANIFEST, { ...signature, annotations: { of: index } });
  const subject = { mediaType: OCI_INDEX, digest: index, size: 1 };
  const referrer = await put("by-subject", OCI_MANIFEST, { ...signature, subject });
  const entry = { mediaType: OCI_MANIFEST, digest: referrer, size: 1 };
  const listed = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] };
  await put(index.replace(":", "-"), OCI_INDEX, listed);

  const places = { from: { repository: "team/app", digest: index }, to: { repository: "all/app", tag: "2" } };
  expect((await target.copyFrom(source, places)).digest).toBe(index);
  const at = (reference: string) => target.resolve({ repository: "all/app", reference });
  expect([await at("2"), await at(digest), await at(tag)]).toEqual([index, digest, signed]);
  const there = await target.referrers({ repository: "all/app", digest: index });
  expect(there.map((one) => one.digest)).toEqual([referrer]);
  const summary = await target.inspect({ repository: "all/app", reference: "2" });
  expect(summary?.platforms).toEqual([{ digest, ...platform }]);
});

test("what the source does not have is missing, and no tag appears", async () => {
  const none = digestOf(Buffer.from("none"));
  const places = { from: { repository: "team/app", digest: none }, to: { repository: "no/app", tag: "1" } };
  await expect(target.copyFrom(source, places)).rejects.toMatchObject({ failure: "missing" });
  expect(await target.tags("no/app")).toEqual([]);
});

test("a blob that breaks off is sent again from its start; one that is not its digest is refused", async () => {
  let faults = ["cut", "change"];
  const proxy = createServer(async (request, response) => {
    const { accept = "" } = request.headers;
    const answer = await fetch(`${source.address}${request.url}`, {
      method: request.method,
      headers: { accept },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const fault = request.method === "GET" && request.url?.includes("/blobs/") ? faults.shift() : undefined;
    for (const name of ["content-type", "docker-content-digest", "content-length"]) {
      const value = answer.headers.get(name);
      if (value) response.setHeader(name, value);
    }
    response.writeHead(answer.status);
    if (fault === "cut") response.write(body.subarray(0, 10), () => response.destroy());
    else response.end(fault === "change" ? Buffer.alloc(body.length) : body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const port = typeof address === "object" ? address?.port : 0;
  const lame = createImageRegistry({ url: `http://127.0.0.1:${port}` });
  const from = { repository: "team/app", digest };
  try {
    await expect(
      target.copyFrom(lame, { from, to: { repository: "lame/app", tag: "1" } }),
    ).rejects.toMatchObject({ failure: "broken", retryable: false });
    expect(await target.tags("lame/app")).toEqual([]);
    faults = ["cut", "cut"];
    await target.copyFrom(lame, { from, to: { repository: "lame/app", tag: "1" } });
    expect(await target.resolve({ repository: "lame/app", reference: "1" })).toBe(digest);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
