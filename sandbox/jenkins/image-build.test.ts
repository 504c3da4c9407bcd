import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { RegistryClient } from "./build/registry.ts";
import { Harness, itemId } from "./testing/harness.ts";
import { startRegistryStub } from "./testing/registry-stub.ts";
import { bareRepository } from "./testing/repository.ts";

const DOCKERFILE = `# the middle layer
ARG BASE_IMAGE=scratch
FROM \${BASE_IMAGE}
ARG PORT=8080
WORKDIR /srv
ENV PORT=\${PORT} GREETING="good day"
COPY ["dist", "./public/"]
COPY package.json run.sh ./
EXPOSE \${PORT}
LABEL team=payments
CMD ["node", "server.js"]
`;

const descriptor = z.object({ digest: z.string(), size: z.number(), mediaType: z.string() });
const manifest = z.object({ config: descriptor, layers: z.array(descriptor) });

const jenkins = new Harness();
const work = mkdtempSync(join(tmpdir(), "refract-image-"));
const registry = await startRegistryStub();
const repository = bareRepository(work, {
  "api/Dockerfile": DOCKERFILE,
  "api/package.json": "{}\n",
  "api/run.sh": "#!/bin/sh\n",
  "static/index.html": "<p>hello</p>\n",
  "broken/Dockerfile": "FROM scratch\nRUN make\n",
});

beforeAll(async () => {
  await jenkins.start({ quietPeriodSeconds: 0 });
});

afterAll(async () => {
  await jenkins.close();
  await registry.close();
  rmSync(work, { recursive: true, force: true });
});

async function build(form: Record<string, string>) {
  const reply = await jenkins.send("POST", "/job/portal-build/buildWithParameters", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ GIT_URL: repository.url, GIT_COMMIT: repository.commit, ...form }).toString(),
  });
  const number = await jenkins.buildOf(itemId(reply));
  const result = await jenkins.result("portal-build", number);
  const log = await jenkins.send("GET", `/job/portal-build/${number}/consoleText`);
  return { number, result, log: log.text };
}

/** The pushed image: manifest, configuration, and the names and texts in the layers of its own. */
async function pushed(name: string, tag: string, own = 1) {
  const found = registry.manifest(name, tag);
  const content = manifest.parse(JSON.parse(found?.content.toString("utf8") ?? "null"));
  const config: unknown = JSON.parse(registry.blob(name, content.config.digest)?.toString("utf8") ?? "null");
  const files: Record<string, string> = {};
  for (const layer of content.layers.slice(-own)) {
    const blob = registry.blob(name, layer.digest) ?? Buffer.alloc(0);
    const unpack = extract();
    Readable.from([gunzipSync(blob)]).pipe(unpack);
    for await (const entry of unpack) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      expect(entry.header).toMatchObject({ mtime: new Date(0), uid: 0, gid: 0 });
      if (entry.header.type === "file") files[entry.header.name] = Buffer.concat(chunks).toString("utf8");
    }
  }
  return { type: found?.type, manifest: content, config, files };
}

const sha256 = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Pushes a base image with one layer; answers the layer's digest. */
async function pushBase(name: string): Promise<string> {
  const client = new RegistryClient(registry.host, new AbortController().signal);
  const layer = gzipSync(Buffer.alloc(1024));
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Env: ["PATH=/usr/bin", "PORT=1"], Entrypoint: ["/entry"], Labels: { base: "yes" } },
      rootfs: { type: "layers", diff_ids: [sha256(Buffer.alloc(1024))] },
    }),
  );
  for (const blob of [layer, config]) await client.pushBlob(name, sha256(blob), blob);
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const body = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: config.length,
        digest: sha256(config),
      },
      layers: [
        {
          mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
          size: layer.length,
          digest: sha256(layer),
        },
      ],
    }),
  );
  await client.pushManifest({ host: registry.host, repository: name, reference: "17" }, type, body);
  return sha256(layer);
}

test("an image is the base, the copied files and what the Dockerfile says", async () => {
  const baseLayer = await pushBase("base/jre");
  const form = {
    REFRACT_ATTEMPT_ID: "image-1",
    RELEASE: "R-2026-001",
    SUB_PATH: "api",
    BASE_IMAGE: `${registry.host}/base/jre:17`,
    BUILD_COMMAND: 'mkdir dist && echo "$FLAVOUR of $RELEASE" > dist/page.txt && chmod +x run.sh',
    BUILD_VARIABLES: "FLAVOUR=plain\nRELEASE=forged",
    IMAGE: `${registry.host}/payments/api:R-2026-001`,
  };
  const first = await build(form);
  expect(first.result, first.log).toBe("SUCCESS");
  expect(first.log).toContain("reserved names are not overridden: RELEASE");
  const image = await pushed("payments/api", "R-2026-001", 2);
  expect(image.type).toBe("application/vnd.oci.image.manifest.v1+json");
  expect(image.files).toEqual({
    "srv/public/page.txt": "plain of R-2026-001\n",
    "srv/package.json": "{}\n",
    "srv/run.sh": "#!/bin/sh\n",
  });
  expect(image.manifest.layers).toHaveLength(3);
  expect(image.manifest.layers[0]).toMatchObject({
    digest: baseLayer,
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
  });
  expect(image.config).toMatchObject({
    config: {
      Env: ["PATH=/usr/bin", "PORT=8080", "GREETING=good day"],
      WorkingDir: "/srv",
      Entrypoint: ["/entry"],
      Cmd: ["node", "server.js"],
      ExposedPorts: { "8080/tcp": {} },
      Labels: {
        base: "yes",
        team: "payments",
        "org.opencontainers.image.revision": repository.commit,
        "org.opencontainers.image.version": "R-2026-001",
        "org.opencontainers.image.base.name": `${registry.host}/base/jre:17`,
        "org.opencontainers.image.base.digest": registry.digest("base/jre", "17"),
      },
    },
    history: [
      { comment: "layer of the base image" },
      { created_by: "COPY dist /srv/public/" },
      { created_by: "COPY package.json run.sh /srv/" },
    ],
  });

  const digest = registry.digest("payments/api", "R-2026-001");
  const again = await build({ ...form, REFRACT_ATTEMPT_ID: "image-2" });
  expect(again.log).toContain("Layer already exists");
  expect(registry.digest("payments/api", "R-2026-001"), "the same commit is the same image").toBe(digest);
});

test("without a Dockerfile the artifact goes to /app; a base that cannot be had is a warning", async () => {
  const { result, log } = await build({
    SUB_PATH: "static",
    ARTIFACT_PATH: "index.html",
    BASE_IMAGE: `${registry.host}/base/missing:1`,
    IMAGE: `${registry.host}/payments/site:1`,
  });
  expect(result, log).toBe("SUCCESS");
  expect(log).toContain("WARNING: base image");
  expect((await pushed("payments/site", "1")).files).toEqual({ "app/index.html": "<p>hello</p>\n" });
});

test.each([
  ["a commit that is not there", { GIT_COMMIT: "0123456789abcdef0123456789abcdef01234567" }, "fatal:"],
  ["a repository that is not there", { GIT_URL: "file:///nowhere.git" }, "fatal:"],
  ["a transport that runs a command", { GIT_URL: "ext::sh -c id" }, "not allowed"],
  ["a RUN instruction", { SUB_PATH: "broken" }, "line 2: RUN needs a container runtime"],
  ["a path out of the workspace", { SUB_PATH: "../.." }, "SUB_PATH leaves the workspace"],
  ["an artifact that is not there", { SUB_PATH: "static", ARTIFACT_PATH: "none" }, "none is not there"],
  ["unreadable variables", { BUILD_VARIABLES: "{not json" }, "BUILD_VARIABLES is not a JSON object"],
])("%s fails the build, and the log says so", async (_, form, words) => {
  const { result, log } = await build({ IMAGE: `${registry.host}/payments/none:1`, ...form });
  expect(result).toBe("FAILURE");
  expect(log).toContain(words);
  expect(log).toMatch(/\nFinished: FAILURE\n$/);
  expect(registry.manifest("payments/none", "1")).toBeUndefined();
});

test("secret variables reach the command and never the log", async () => {
  const { number, log } = await build({
    BUILD_COMMAND:
      'printf "%s" "$KEY" | wc -c; echo "key $KEY"; printf "pas"; sleep 0.1; echo "sword-1"; env',
    SECRET_BUILD_VARIABLES: JSON.stringify({ KEY: "password-1", PEM: "line one\nline two" }),
  });
  expect(log).toMatch(/\n\s*10\n/);
  expect(log).toContain("key ****\n****\n");
  expect(log).not.toMatch(/password-1|line one|line two/);
  const api = await jenkins.send("GET", `/job/portal-build/${number}/api/json`);
  expect(api.text).not.toContain("password-1");
});
