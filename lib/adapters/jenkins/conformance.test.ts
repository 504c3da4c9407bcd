import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { startHttpFaultProxy } from "#sandbox/faults/proxy.ts";
import { startJenkins } from "#sandbox/jenkins/server.ts";
import { bareRepository } from "#sandbox/jenkins/testing/repository.ts";
import { startRegistry } from "#sandbox/registry/server.ts";
import { buildServerConformance } from "./conformance/suite.ts";
import type { OwnServer, Target } from "./conformance/target.ts";
import { openWorld } from "./conformance/world.ts";

const { CONFORMANCE_JENKINS_URL: url } = process.env;
const rows = readdirSync(new URL("../../../sandbox/jenkins/recorded/", import.meta.url)).map(
  (file) => file.split("-")[0] ?? "",
);

const world = await openWorld(url ? namedTarget(url) : await sandboxTarget());
describe(`build server conformance: ${url ? "CONFORMANCE_JENKINS_URL" : "sandbox"}`, () => {
  buildServerConformance(world, rows);
});

function namedTarget(address: string): Target {
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
    publishing: { GIT_COMMIT: "0".repeat(40), IMAGE: "registry.test/quotes/api:1" },
    proxyTo: startHttpFaultProxy,
  };
}

/** A sandbox server with nothing else on it, and a registry that its builds push to. */
async function sandboxTarget(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), "refract-conformance-jenkins-"));
  const registry = await startRegistry({ port: 0, dataDir: join(folder, "registry") });
  const repository = bareRepository(folder, { Dockerfile: "FROM scratch\nCOPY a.txt /\n", "a.txt": "a\n" });
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
    const startupSeconds = during ? 1.5 : 0;
    jenkins = await startJenkins({ ...options, ...given, port, startupSeconds });
    await during?.("starting");
    await ready(jenkins.url);
  };
  // Registered first, so it runs last.
  afterAll(async () => {
    await jenkins.close();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    settings: { url: jenkins.url, username: "admin", token: "admin-token" },
    password: "admin-password",
    viewer: { username: "viewer", token: "viewer-token" },
    own: { executors, restart },
    publishing: {
      GIT_URL: repository.url,
      GIT_COMMIT: repository.commit,
      DOCKERFILE: "Dockerfile",
      IMAGE: `${new URL(registry.url).host}/quotes/api:1`,
    },
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
