import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { startJenkins } from "#sandbox/jenkins/server.ts";
import { buildServerConformance } from "./conformance.ts";

const {
  CONFORMANCE_JENKINS_URL: url,
  CONFORMANCE_JENKINS_USER: user,
  CONFORMANCE_JENKINS_TOKEN: token,
} = process.env;

if (url) {
  describe("build server conformance: CONFORMANCE_JENKINS_URL", () => {
    buildServerConformance({ url, username: user ?? "", token: token ?? "" });
  });
} else {
  const dataDir = mkdtempSync(join(tmpdir(), "refract-conformance-jenkins-"));
  const sandbox = await startJenkins({ port: 0, dataDir, user: "admin", token: "conformance" });
  describe("build server conformance: sandbox", () => {
    // Registered first, so it runs last.
    afterAll(async () => {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    buildServerConformance({ url: sandbox.url, username: "admin", token: "conformance" });
  });
}
