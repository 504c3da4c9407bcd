import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packImage, pushImage } from "#sandbox/jenkins/build/publish.ts";
import { createSigner } from "#sandbox/jenkins/build/signer.ts";
import { BuildLog } from "#sandbox/jenkins/log.ts";
import { seedBaseImages } from "#sandbox/registry/base-images.ts";
import { startRegistry } from "#sandbox/registry/server.ts";
import { createImageRegistry } from "./client.ts";
import { hasDockerRegistry, startDockerRegistry } from "./testing/docker-registry.ts";

// What the sandbox's build server publishes is what the portal reads: layers, SBOM, provenance and signature.

const pair = () =>
  generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
const own = pair();
const keys = [
  { key: "foreign", publicKeyPem: pair().publicKey },
  { key: "build", publicKeyPem: own.publicKey },
];
const folder = await mkdtemp(join(tmpdir(), "refract-built-"));
beforeAll(async () => {
  await mkdir(join(folder, "context"));
  await writeFile(
    join(folder, "context/Dockerfile"),
    "ARG BASE_IMAGE\nFROM $BASE_IMAGE\nCOPY a.txt b.txt /app/\nCOPY b.txt /b/\n",
  );
  for (const name of ["a", "b"]) await writeFile(join(folder, `context/${name}.txt`), name);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Publishes the context; answers the digest. */
async function publishTo(host: string, tag: string, signingKey: string | null): Promise<string> {
  const baseImage = `${host}/base/node:24`;
  const input = {
    context: join(folder, "context"),
    dockerfile: "Dockerfile",
    baseImage,
    artifactPath: "",
    image: `${host}/quotes/api:${tag}`,
    labels: new Map([["org.opencontainers.image.version", tag]]),
    buildArguments: new Map([["BASE_IMAGE", baseImage]]),
    created: new Date("2026-03-04T05:06:07Z"),
    cacheDir: join(folder, "cache"),
    origin: {
      gitUrl: "https://git.test/quotes/api.git",
      gitRef: "main",
      commit: "c".repeat(40),
      release: tag,
      attemptId: "attempt-1",
      parameters: { COMPONENT: "api" },
      buildUrl: "http://jenkins.test/job/build/1/",
      builder: "http://jenkins.test/",
      startedAt: new Date(),
    },
    signer: signingKey === null ? null : createSigner(signingKey),
  };
  const log = new BuildLog(join(folder, "build.log"));
  const signal = AbortSignal.timeout(20_000);
  return pushImage(input, await packImage(input, log, signal), log, signal);
}

const SERVERS = {
  "the sandbox's registry": () => startRegistry({ port: 0, dataDir: join(folder, "registry") }),
  ...(hasDockerRegistry ? { "docker-registry": () => startDockerRegistry("none") } : {}),
};
if (!hasDockerRegistry) console.info("not against docker-registry: it is not installed");

describe.each(Object.entries(SERVERS))("an image built into %s", async (_, start) => {
  const server = await start();
  const registry = createImageRegistry({ url: server.url });
  const { host } = new URL(server.url);
  const publish = (tag: string, key: string | null) => publishTo(host, tag, key);
  const evidence = (digest: string) => registry.evidence({ repository: "quotes/api", digest }, keys);
  beforeAll(() => seedBaseImages(server.url).then(() => undefined));
  afterAll(() => server.close());

  test("tells its layers, those of the base first, and which base that is", async () => {
    const digest = await publish("layers", null);
    const [image, base] = await Promise.all([
      registry.inspect({ repository: "quotes/api", reference: digest }),
      registry.inspect({ repository: "base/node", reference: "24" }),
    ]);
    const diffs = (of: typeof image) => of?.layers.map(({ diffId }) => diffId) ?? [];
    expect(diffs(image)).toHaveLength(5);
    expect(diffs(image).slice(0, 3)).toEqual(diffs(base));
    expect(image?.layers.slice(3).map(({ createdBy }) => createdBy)).toEqual([
      "COPY a.txt b.txt /app/",
      "COPY b.txt /b/",
    ]);
    expect(image?.labels).toMatchObject({
      "org.opencontainers.image.base.name": `${host}/base/node:24`,
      "org.opencontainers.image.base.digest": base?.digest,
    });
  });

  test("is vouched for by the key it was signed with, and by no other", async () => {
    const digest = await publish("signed", own.privateKey);
    const found = await evidence(digest);
    expect(found.signatures).toMatchObject([{ verifiedBy: ["build"], problem: null }]);
    expect(found.sboms).toMatchObject([{ format: "spdx", verifiedBy: ["build"] }]);
    expect(found.provenance).toMatchObject([
      { predicateType: "https://slsa.dev/provenance/v1", verifiedBy: ["build"] },
    ]);
    expect(await publish("signed", own.privateKey), "the same again").toBe(digest);
    const again = await evidence(digest);
    expect([again.signatures, again.sboms, again.provenance].map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  test("without a key shows what it has, and nobody vouches for it", async () => {
    const found = await evidence(await publish("unsigned", null));
    expect(found.signatures).toEqual([]);
    expect(found.sboms).toMatchObject([{ format: "spdx", verifiedBy: [] }]);
    expect(found.provenance).toMatchObject([{ verifiedBy: [] }]);
  });
});
