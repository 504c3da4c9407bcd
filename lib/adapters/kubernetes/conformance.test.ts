import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { startKubernetes } from "#sandbox/kubernetes/server.ts";
import { createCluster } from "./cluster.ts";
import { clusterConformance } from "./conformance.ts";

const file = process.env.CONFORMANCE_KUBECONFIG;

if (file) {
  describe("cluster conformance: CONFORMANCE_KUBECONFIG", () => {
    const kubeconfig = readFileSync(file, "utf8");
    clusterConformance((options) => createCluster({ kubeconfig, ...options }));
  });
} else {
  const dataDir = mkdtempSync(join(tmpdir(), "refract-conformance-cluster-"));
  const sandbox = await startKubernetes({ port: 0, dataDir, name: "conformance", adminToken: "conformance" });
  describe("cluster conformance: sandbox", () => {
    // Registered first, so it runs last.
    afterAll(async () => {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
    clusterConformance((options) => createCluster({ kubeconfig: sandbox.kubeconfig, ...options }));
  });
}
