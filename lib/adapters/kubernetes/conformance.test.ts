import { readFileSync } from "node:fs";
import { describe } from "vitest";
import { createCluster } from "./cluster.ts";
import { clusterConformance } from "./conformance.ts";

const file = process.env.CONFORMANCE_KUBECONFIG;

// Without a real cluster the same suite runs against the sandbox, from the sandbox's own tests.
describe.runIf(file)("cluster conformance: CONFORMANCE_KUBECONFIG", () => {
  const kubeconfig = file ? readFileSync(file, "utf8") : "";
  clusterConformance((options) => createCluster({ kubeconfig, ...options }));
});
