import { expect, test } from "vitest";
import type { ImageRegistry, ImageSummary } from "#lib/adapters/ports.ts";
import { inspectImage } from "./inspect.ts";

const digest = (of: string) => `sha256:${of.repeat(64)}`;
const layer = { digest: digest("1"), diffId: digest("2"), sizeBytes: 9, createdBy: "COPY dist /app" };
const image: ImageSummary = {
  digest: digest("a"),
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  sizeBytes: 12,
  layers: [layer],
  platforms: [],
  createdAt: new Date("2026-03-04T05:06:07Z"),
  labels: { "org.opencontainers.image.revision": "c0ffee" },
};
const index: ImageSummary = {
  ...image,
  digest: digest("b"),
  mediaType: "application/vnd.oci.image.index.v1+json",
  sizeBytes: null,
  layers: [],
  platforms: [{ digest: image.digest, os: "linux", architecture: "amd64" }],
  createdAt: null,
  labels: {},
};
const now = new Date("2026-04-01T00:00:00Z");

/** A registry that has these images, with one signature that the key verifies and a scan. */
function inspect(
  of: string,
  has: ImageSummary[],
  before: Parameters<typeof inspectImage>[0]["before"] = null,
) {
  const registry: Pick<ImageRegistry, "inspect" | "evidence" | "scan"> = {
    inspect: async ({ reference }) => has.find((one) => one.digest === reference) ?? null,
    evidence: async (_, keys) => ({
      signatures: [{ digest: digest("5"), verifiedBy: keys.map(({ key }) => key), problem: null }],
      sboms: [],
      provenance: [],
    }),
    scan: async () => ({
      state: "done",
      scanner: "Trivy",
      finishedAt: now,
      counts: { critical: 0, high: 1, medium: 0, low: 0, negligible: 0, unknown: 0 },
      vulnerabilities: [],
    }),
  };
  const keys = [{ key: "release", publicKeyPem: "" }];
  const signal = AbortSignal.timeout(5000);
  return inspectImage({ registry, image: { path: "quotes/api", digest: of }, keys, before, now, signal });
}

test("what the registry says is kept, times as texts", async () => {
  const { content, found } = await inspect(image.digest, [image]);
  expect(content).toMatchObject({ layers: [layer], labels: image.labels, goneSince: null });
  expect(content.createdAt).toBe("2026-03-04T05:06:07.000Z");
  expect(found?.evidence).toMatchObject({ keys: ["release"], signatures: [{ verifiedBy: ["release"] }] });
  expect(found?.scan).toMatchObject({ state: "done", finishedAt: now.toISOString() });
});

test("an index is told by its first image, under its own digest's evidence", async () => {
  const { content } = await inspect(index.digest, [index, image]);
  expect(content).toMatchObject({
    mediaType: index.mediaType,
    platforms: index.platforms,
    layers: [layer],
    labels: image.labels,
    createdAt: "2026-03-04T05:06:07.000Z",
  });
});

test("an image that is gone: since when, and what it was made of stays known", async () => {
  const { content: known } = await inspect(image.digest, [image]);
  const gone = await inspect(image.digest, [], known);
  expect(gone.found).toBeNull();
  expect(gone.content).toEqual({ ...known, goneSince: now.toISOString() });
  const earlier = "2026-03-30T00:00:00.000Z";
  expect((await inspect(image.digest, [], { ...known, goneSince: earlier })).content.goneSince).toBe(earlier);
});
