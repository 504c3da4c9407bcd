import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { z } from "zod";
import { seedBaseImages } from "./base-images.ts";
import { send } from "./recording.ts";
import { startRegistry } from "./server.ts";

const accept = "application/vnd.oci.image.manifest.v1+json";
const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })).length(3),
});

test("base images are pushed once and can be pulled", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "refract-base-"));
  const credentials = { user: "robot", password: "s3cret" };
  const registry = await startRegistry({ port: 0, dataDir, ...credentials });
  const authorization = `Basic ${Buffer.from("robot:s3cret").toString("base64")}`;
  const get = (path: string) =>
    send(registry.port, {
      method: "GET",
      path: `/v2/base/python/${path}`,
      headers: { accept, authorization },
    });
  try {
    await expect(seedBaseImages(registry.url)).rejects.toThrow("401");
    expect(await seedBaseImages(registry.url, credentials)).toEqual([
      "public/debian:12-20260601",
      "public/debian:12",
      "base/node:24",
      "base/python:3",
      "base/static:1",
    ]);
    expect(await seedBaseImages(registry.url, credentials)).toEqual([]);
    const manifest = manifestSchema.parse(JSON.parse((await get("manifests/3")).body.toString("utf8")));
    const layer = gunzipSync((await get(`blobs/${manifest.layers.at(-1)?.digest}`)).body).toString("utf8");
    expect(layer).toContain("etc/refract-base.json");
    expect(layer).toContain('"runtime": "python"');
    const config = JSON.parse((await get(`blobs/${manifest.config.digest}`)).body.toString("utf8"));
    expect(config.config.WorkingDir).toBe("/app");
    expect(config.config.Env).toContain("PYTHONUNBUFFERED=1");
  } finally {
    await registry.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
