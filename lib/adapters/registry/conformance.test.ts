import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRegistry } from "#sandbox/registry/server.ts";
import { createImageRegistry } from "./client.ts";

const {
  CONFORMANCE_REGISTRY_URL: given,
  CONFORMANCE_REGISTRY_USER: username,
  CONFORMANCE_REGISTRY_PASSWORD: password,
} = process.env;
const dataDir = mkdtempSync(join(tmpdir(), "refract-conformance-registry-"));
const sandbox = given ? null : await startRegistry({ port: 0, dataDir });
const url = given || (sandbox?.url ?? "");
const credentials = username && password ? { username, password } : undefined;
const registry = createImageRegistry({ url, ...(credentials ? { credentials } : {}) });

const repository = `refract-conformance/${randomUUID()}`;
const digestOf = (bytes: string) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const OCI = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

async function send(method: string, path: string, body?: string, type?: string): Promise<Response> {
  const headers: Record<string, string> = {
    ...(type ? { "content-type": type } : {}),
    ...(credentials
      ? { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` }
      : {}),
  };
  return fetch(new URL(path, url), { method, headers, ...(body === undefined ? {} : { body }) });
}
async function pushBlob(text: string): Promise<{ digest: string; size: number }> {
  const started = await send("POST", `/v2/${repository}/blobs/uploads/`);
  const place = new URL(started.headers.get("location") ?? "", url);
  place.searchParams.set("digest", digestOf(text));
  const put = await send("PUT", place.href, text, "application/octet-stream");
  expect(put.status).toBe(201);
  return { digest: digestOf(text), size: Buffer.byteLength(text) };
}
const pushManifest = async (reference: string, type: string, manifest: unknown) => {
  const text = JSON.stringify(manifest);
  expect((await send("PUT", `/v2/${repository}/manifests/${reference}`, text, type)).status).toBe(201);
  return { digest: digestOf(text), size: Buffer.byteLength(text) };
};

describe(`image registry conformance: ${given ? "CONFORMANCE_REGISTRY_URL" : "sandbox"}`, () => {
  let image = { digest: "", size: 0 };
  let index = { digest: "", size: 0 };
  beforeAll(async () => {
    const config = await pushBlob(
      JSON.stringify({
        architecture: "amd64",
        os: "linux",
        created: "2026-11-20T08:00:00Z",
        config: { Labels: { "org.opencontainers.image.revision": "6ca3bdf0" } },
      }),
    );
    const layer = await pushBlob("a layer");
    image = await pushManifest("v1", OCI, {
      schemaVersion: 2,
      mediaType: OCI,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
    });
    index = await pushManifest("all", INDEX, {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [{ mediaType: OCI, ...image, platform: { architecture: "amd64", os: "linux" } }],
    });
  });
  afterAll(async () => {
    for (const { digest } of [index, image]) await send("DELETE", `/v2/${repository}/manifests/${digest}`);
    await sandbox?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("answers a ping", async () => {
    await registry.ping();
  });
  it("resolves a tag and a digest", async () => {
    expect(await registry.resolve({ repository, reference: "v1" })).toBe(image.digest);
    expect(await registry.resolve({ repository, reference: image.digest })).toBe(image.digest);
  });
  it("resolves an index to its own digest", async () => {
    expect(await registry.resolve({ repository, reference: "all" })).toBe(index.digest);
  });
  it("knows what is not there", async () => {
    expect(await registry.resolve({ repository, reference: "none" })).toBeNull();
    expect(await registry.resolve({ repository, reference: digestOf("nothing") })).toBeNull();
    expect(await registry.resolve({ repository: `${repository}/none`, reference: "v1" })).toBeNull();
    expect(await registry.inspect({ repository, reference: "none" })).toBeNull();
    expect(await registry.tags(`${repository}/none`)).toEqual([]);
  });
  it("reads size, layers and labels", async () => {
    const summary = await registry.inspect({ repository, reference: "v1" });
    expect(summary).toMatchObject({ digest: image.digest, mediaType: OCI });
    expect(summary?.layers).toHaveLength(1);
    expect(summary?.labels["org.opencontainers.image.revision"]).toBe("6ca3bdf0");
    expect(summary?.createdAt?.toISOString()).toBe("2026-11-20T08:00:00.000Z");
  });
  it("lists tags", async () => {
    expect((await registry.tags(repository)).toSorted()).toEqual(["all", "v1"]);
  });
});
