// Hands over from the system's Node to the project's own.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const PARENT_CHECK_MS = 500;

/** Parent and grandparent: `npm run` starts a shell, which starts this process or becomes it. */
function ancestors() {
  try {
    // The parent's id is the second word after the command's name, which is in parentheses.
    const [, grandparent] = readFileSync(`/proc/${process.ppid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return `${process.ppid} ${grandparent}`;
  } catch {
    return String(process.ppid);
  }
}

/**
 * Sets the clone up, then runs a TypeScript file under the project's Node and ends with its exit code.
 * Signals are passed on; the child also stops when this process, or the `npm run` around it, is gone.
 */
export async function launch(script) {
  const node = await setup();
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
  const args = ["--disable-warning=ExperimentalWarning", path, ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: ["inherit", "inherit", "inherit", "ipc"], env });
  // The child hears that this process is gone when the channel closes; the channel itself must not keep us alive.
  child.channel?.unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // A terminal sends Ctrl-C to the child as well.
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    // A killed `npm run` cannot pass its signal on; then its script would run on unseen.
    const before = ancestors();
    setInterval(() => ancestors() !== before && child.kill("SIGTERM"), PARENT_CHECK_MS).unref();
  }
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}
