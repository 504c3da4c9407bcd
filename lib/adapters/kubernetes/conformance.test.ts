import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { startFaultProxy } from "#sandbox/faults/proxy.ts";
import { startKubernetes } from "#sandbox/kubernetes/server.ts";
import { startStubRegistry } from "#sandbox/kubernetes/stub-registry.ts";
import { clusterConformance } from "./testing/conformance.ts";
import type { Losing } from "./testing/world.ts";

const file = process.env.CONFORMANCE_KUBECONFIG;
/** The image that Kubernetes' own conformance tests use. */
const AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.53";
/** As much of it as the suite needs: `netexec` answers /hostname; a shell is on this host. */
const PROGRAM = `
import { createServer } from "node:http";
console.log("listening");
process.on("SIGTERM", () => process.exit(0));
createServer((request, response) => response.end(process.env.HOSTNAME))
  .listen(Number(process.env.PORT), process.env.HOST);
`;

async function startLosing(kubeconfig: string): Promise<Losing> {
  const proxy = await startFaultProxy(kubeconfig);
  let losing = false;
  proxy.rule(({ method }) => {
    if (!losing || method === "GET") return null;
    losing = false;
    return { lose: "answer" };
  });
  return {
    kubeconfig: proxy.kubeconfig,
    loseNextAnswer: () => {
      losing = true;
    },
    close: proxy.close,
  };
}

if (file) {
  describe("cluster conformance: CONFORMANCE_KUBECONFIG", () => {
    const kubeconfig = readFileSync(file, "utf8");
    clusterConformance({ kubeconfig, image: process.env.CONFORMANCE_IMAGE ?? AGNHOST, startLosing });
  });
} else {
  const dataDir = mkdtempSync(join(tmpdir(), "refract-conformance-cluster-"));
  const sandbox = await startKubernetes({
    port: 0,
    dataDir: dataDir,
    name: "conformance",
    adminToken: "conformance",
  });
  const registry = await startStubRegistry();
  await registry.push("agnhost", "1", { "app/agnhost.mjs": PROGRAM }, ["node", "agnhost.mjs"]);
  describe("cluster conformance: sandbox", () => {
    // Registered first, so it runs last.
    afterAll(async () => {
      await Promise.all([sandbox.close(), registry.close()]);
      rmSync(dataDir, { recursive: true, force: true });
    });
    const image = `${registry.host}/agnhost:1`;
    clusterConformance({ kubeconfig: sandbox.kubeconfig, image, startLosing });
  });
}
