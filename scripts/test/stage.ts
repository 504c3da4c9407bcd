import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../prisma/cli.ts";

/** What one stage found. `skips` says, one by one, what was left out and why. */
export type Outcome = { passed: number; failed: number; skipped: number; skips: string[]; output: string };

/** One part of `npm test`. */
export type Stage = { name: string; minutes: number; run(signal: AbortSignal): Promise<Outcome> };

/** An outcome that is one check. */
export function check(ok: boolean, output: string): Outcome {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, skips: [], output };
}

/** An outcome that is one check left out. */
export function skip(reason: string): Outcome {
  return { passed: 0, failed: 0, skipped: 1, skips: [reason], output: "" };
}

/** Path of a command that npm installed. */
export const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);

/**
 * Runs a command in the checkout and keeps what it prints. When the signal fires, its whole process group is ended
 * and the output says so.
 */
export function command(
  words: readonly string[],
  signal: AbortSignal,
  env: Record<string, string> = {},
): Promise<{ ok: boolean; output: string }> {
  const [name = "", ...args] = words;
  const options = { cwd: ROOT, env: { ...process.env, CI: "1", NO_COLOR: "1", ...env }, detached: true };
  return new Promise((resolve) => {
    const child = spawn(name, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const end = () => {
      output += `\n(ended: ${signal.reason})\n`;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      setTimeout(
        () => child.exitCode === null && child.pid && process.kill(-child.pid, "SIGKILL"),
        10_000,
      ).unref();
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    child.once("error", (error) => resolve({ ok: false, output: `${name}: ${error.message}` }));
    child.once("close", (code) => {
      signal.removeEventListener("abort", end);
      resolve({ ok: code === 0 && !signal.aborted, output });
    });
  });
}
