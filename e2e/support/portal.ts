import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MINUTES = 10;

/** A port that is free now, away from the ranges that other servers of these tests count up from. */
const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });

/**
 * Starts a whole portal as `npm run demo` does, on ports and in a folder of its own, and stops it afterwards.
 * E2E_STATE names the state file of a portal that runs already; then nothing is started.
 */
export default async function startPortal(): Promise<() => Promise<void>> {
  const given = process.env.E2E_STATE;
  if (given && existsSync(given)) return async () => {};
  const dir = mkdtempSync(join(tmpdir(), "refract-e2e-"));
  const stateFile = join(dir, "state.json");
  const child = spawn(process.execPath, ["scripts/demo.mjs"], {
    env: { ...process.env, PORT: String(await freePort()), DEMO_DIR: dir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const deadline = Date.now() + START_MINUTES * 60_000;
  while (!existsSync(stateFile)) {
    if (child.exitCode !== null) throw new Error(`the portal did not start:\n${output}`);
    if (Date.now() > deadline) {
      child.kill("SIGTERM");
      throw new Error(`the portal was not ready in ${START_MINUTES} minutes:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  process.env.E2E_STATE = stateFile;
  const logs = () =>
    ["web", "worker"]
      .map((name) => join(dir, "logs", `${name}.log`))
      .filter((file) => existsSync(file))
      .map((file) => `${file}\n${readFileSync(file, "utf8").slice(-4000)}`)
      .join("\n");
  return async () => {
    if (process.env.E2E_LOGS) process.stdout.write(logs());
    child.kill("SIGTERM");
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
}
