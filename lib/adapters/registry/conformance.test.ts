import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { pushPackages } from "#sandbox/registry/packages.ts";
import { loadRecordings } from "#sandbox/registry/recording.ts";
import { type RegistryOptions, startRegistry } from "#sandbox/registry/server.ts";
import { createRegistryOfKind } from "./client.ts";
import { registryConformance } from "./testing/conformance.ts";
import { ACCOUNT, hasDockerRegistry, startDockerRegistry } from "./testing/docker-registry.ts";
import { harborCases } from "./testing/harbor.ts";
import { canGiveTokens, SERVICE, startTokenServer } from "./testing/token-server.ts";
import type { Check, Server } from "./testing/world.ts";

const {
  CONFORMANCE_REGISTRY_URL: given,
  CONFORMANCE_REGISTRY_KIND: kind,
  CONFORMANCE_REGISTRY_USER: username,
  CONFORMANCE_REGISTRY_PASSWORD: password,
} = process.env;

const folder = mkdtempSync(join(tmpdir(), "refract-conformance-registry-"));
const recorded = [...loadRecordings().keys()];
const started: { close: () => Promise<void> }[] = [];
async function opened<Running extends { close: () => Promise<void> }>(starting: Promise<Running>) {
  const running = await starting;
  started.push(running);
  return running;
}
const sandbox = (name: string, options: Partial<RegistryOptions> = {}) =>
  opened(startRegistry({ port: 0, dataDir: join(folder, name), ...options }));
afterAll(async () => {
  for (const one of started.toReversed()) await one.close();
  rmSync(folder, { recursive: true, force: true });
});
const other = await sandbox("other");
const tokenServer = canGiveTokens ? await opened(startTokenServer()) : null;
const noTokens = { why: "without openssl there is no certificate for a token server" };

if (given) {
  const credentials = username && password ? { username, password } : undefined;
  const server: Server = { url: given, ...(credentials ? { credentials } : {}) };
  describe("image registry conformance: CONFORMANCE_REGISTRY_URL", () => {
    registryConformance({
      server,
      recorded,
      other,
      guarded: credentials
        ? { url: given, credentials }
        : { why: "CONFORMANCE_REGISTRY_USER and CONFORMANCE_REGISTRY_PASSWORD are not set" },
      tokens: { why: "whether and how a given registry asks for tokens is its own affair" },
    });
  });
} else {
  const open = await sandbox("open");
  const guarded = await sandbox("guarded", { user: ACCOUNT.username, password: ACCOUNT.password });
  const tokens = tokenServer
    ? { realm: tokenServer.realm, service: SERVICE, allows: tokenServer.allows }
    : undefined;
  const withTokens = await sandbox("tokens", tokens ? { tokens } : {});
  describe("image registry conformance: sandbox", () => {
    registryConformance({
      server: open,
      recorded,
      other,
      guarded: { url: guarded.url, credentials: ACCOUNT },
      tokens: tokenServer ? { url: withTokens.url, server: tokenServer } : noTokens,
    });
  });
}

const check: Check = (_, name, run) => void test(name, run);
function harborSuite(server: Server, scans: boolean): void {
  const repository = `refract-conformance/${crypto.randomUUID()}`;
  const { url, credentials } = server;
  const account = credentials && { user: credentials.username, password: credentials.password };
  const push = (tag: string, packages: Record<string, string>) =>
    pushPackages(
      { registryUrl: url, repository, tag, ...(account ? { credentials: account } : {}) },
      packages,
    );
  harborCases(createRegistryOfKind("harbor", server), { repository }, check, { push, scans });
}
if (!given) {
  const robot = { username: "robot$refract", password: "s3cret" };
  const robots = [{ name: robot.username, secret: robot.password }];
  const running = await sandbox("harbor", { harbor: { robots } });
  describe("Harbor conformance: sandbox", () => {
    harborSuite({ url: running.url, credentials: robot }, true);
  });
} else if (kind === "harbor") {
  const credentials = username && password ? { username, password } : undefined;
  // When its scanner is done, and with which database, is its own affair.
  describe("Harbor conformance: CONFORMANCE_REGISTRY_URL", () => {
    harborSuite({ url: given, ...(credentials ? { credentials } : {}) }, false);
  });
} else {
  console.info("not tested: Harbor's API: CONFORMANCE_REGISTRY_KIND is not harbor");
}

if (hasDockerRegistry && !given) {
  const open = await opened(startDockerRegistry("none"));
  const guarded = await opened(startDockerRegistry("htpasswd"));
  const withTokens = tokenServer && (await opened(startDockerRegistry(tokenServer)));
  describe("image registry conformance: docker-registry", () => {
    registryConformance({
      server: open,
      recorded,
      other,
      guarded: { url: guarded.url, credentials: ACCOUNT },
      tokens: tokenServer && withTokens ? { url: withTokens.url, server: tokenServer } : noTokens,
    });
  });
} else {
  const why = given ? "a registry was given" : "/usr/bin/docker-registry is not installed";
  test.skip(`image registry conformance: docker-registry (${why})`, () => undefined);
  console.info(`not tested against docker-registry: ${why}`);
}
