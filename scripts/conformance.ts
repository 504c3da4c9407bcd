import { spawn } from "node:child_process";
import { ROOT } from "./prisma/cli.ts";

// The adapters' suites, against real servers where these are named and against the sandbox otherwise. They make
// namespaces and jobs of their own, with random names, and remove them.
const SERVERS = {
  "build server": "CONFORMANCE_JENKINS_URL",
  cluster: "CONFORMANCE_KUBECONFIG",
  "image registry": "CONFORMANCE_REGISTRY_URL",
};
for (const [what, name] of Object.entries(SERVERS)) {
  process.stdout.write(`${what}: ${process.env[name] ? `${name}=${process.env[name]}` : "sandbox"}\n`);
}
const child = spawn("vitest", ["run", "--project", "unit", "conformance.test"], {
  cwd: ROOT,
  stdio: "inherit",
});
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
