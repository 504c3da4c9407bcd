import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { startHttpFaultProxy } from "#sandbox/faults/proxy.ts";
import { startJenkins } from "#sandbox/jenkins/server.ts";
import { bareRepository } from "#sandbox/jenkins/testing/repository.ts";
import { startRegistry } from "#sandbox/registry/server.ts";
import { buildServerConformance } from "./testing/conformance/suite.ts";
import type { OwnServer, Target } from "./testing/conformance/target.ts";
import { openWorld } from "./testing/conformance/world.ts";

const { CONFORMANCE_JENKINS_URL: url } = process.env;
const rows = readdirSync(new URL("../../../sandbox/jenkins/recorded/", import.meta.url)).map(
  (file) => file.split("-")[0] ?? "",
);

const folder = mkdtempSync(join(tmpdir(), "refract-conformance-jenkins-"));
// Registered first, so it runs last.
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const world = await openWorld(await (url ? namedTarget(url) : sandboxTarget()));
describe(`build server conformance: ${url ? "CONFORMANCE_JENKINS_URL" : "sandbox"}`, () => {
  buildServerConformance(world, rows);
});

async function namedTarget(address: string): Promise<Target> {
  const { env } = process;
  const viewer = env.CONFORMANCE_JENKINS_VIEWER_USER;
  return {
    settings: {
      url: address,
      username: env.CONFORMANCE_JENKINS_USER ?? "",
      token: env.CONFORMANCE_JENKINS_TOKEN ?? "",
    },
    password: env.CONFORMANCE_JENKINS_PASSWORD ?? null,
    viewer: viewer ? { username: viewer, token: env.CONFORMANCE_JENKINS_VIEWER_TOKEN ?? "" } : null,
    own: null,
    publishing: await publishing(),
    proxyTo: startHttpFaultProxy,
  };
}

/** A repository to build and a registry to push to, for a server whose jobs really do so. */
async function publishing(): Promise<Record<string, string>> {
  const registry = await startRegistry({ port: 0, dataDir: join(folder, "registry") });
  afterAll(() => registry.close());
  const files = { Dockerfile: "FROM scratch\nCOPY a.txt /\n", "a.txt": "a\n" };
  const repository = bareRepository(folder, files);
  return {
    GIT_URL: repository.url,
    GIT_COMMIT: repository.commit,
    DOCKERFILE: "Dockerfile",
    IMAGE: `${new URL(registry.url).host}/quotes/api:1`,
  };
}

/** A sandbox server with nothing else on it. */
async function sandboxTarget(): Promise<Target> {
  const executors = 3;
  const options = {
    dataDir: join(folder, "jenkins"),
    user: "admin",
    token: "admin-token",
    password: "admin-password",
    viewerToken: "viewer-token",
    executors,
  };
  let jenkins = await startJenkins({ ...options, port: 0 });
  const { port } = jenkins;
  const restart: OwnServer["restart"] = async (during, given = {}) => {
    await jenkins.close({ keepNodes: true });
    await during?.("down");
    const started = Promise.withResolvers<void>();
    jenkins = await startJenkins({ ...options, ...given, port, startup: started.promise });
    await during?.("starting").finally(started.resolve);
    started.resolve();
    await ready(jenkins.url);
  };
  afterAll(() => jenkins.close());
  return {
    settings: { url: jenkins.url, username: "admin", token: "admin-token" },
    password: "admin-password",
    viewer: { username: "viewer", token: "viewer-token" },
    own: { executors, restart },
    publishing: await publishing(),
    proxyTo: startHttpFaultProxy,
  };
}

/** Waits until it answers; connections of before the restart break first. */
async function ready(url: string): Promise<void> {
  for (;;) {
    const status = await fetch(`${url}/login`).then(
      async (response) => {
        await response.body?.cancel();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
