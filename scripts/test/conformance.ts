import { bin } from "./stage.ts";

/** The variable that names the real server to run against, by what the server is. */
export const CONFORMANCE_SERVERS = {
  "build server": "CONFORMANCE_JENKINS_URL",
  cluster: "CONFORMANCE_KUBECONFIG",
  "image registry": "CONFORMANCE_REGISTRY_URL",
} as const;

/** What Vitest is told to run: the adapters' suites, and those of what is built on them, which need a database. */
export const CONFORMANCE_TESTS: readonly string[] = [
  "--project",
  "unit",
  "--project",
  "integration",
  "conformance.test.ts",
  "conformance.integration.test.ts",
];

/** Words that run Vitest once, with its usual output and a JSON report. */
export function vitest(which: readonly string[], report: string): string[] {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return [bin("vitest"), "run", ...which, ...reporters];
}
