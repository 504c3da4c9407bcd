import { spawn } from "node:child_process";
import type { BuildLog } from "../log.ts";
import { BuildFailure, BuildStopped } from "./failure.ts";

export interface Command {
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Milliseconds between asking a process group to end and killing it. */
export const GRACE = 3_000;

/** A process outside of the group may hold the pipes open: after this long the command counts as over. */
const PIPE_GRACE = 500;

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * Runs a command in its own process group, its output going to the log while it runs. Stopping it ends the whole
 * group.
 * @returns what it wrote to stdout where `capture` is set (that is then not logged).
 * @throws {BuildFailure} when it cannot be started or exits with another code than 0. @throws {BuildStopped}
 */
export function run(command: Command, log: BuildLog, signal: AbortSignal, capture = false): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new BuildStopped());
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const captured: Buffer[] = [];
    const out = log.sink();
    const err = log.sink();
    child.stdout.on("data", (chunk: Buffer) => (capture ? captured.push(chunk) : out.write(chunk)));
    child.stderr.on("data", (chunk: Buffer) => err.write(chunk));

    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      const { pid } = child;
      if (pid === undefined) return;
      signalGroup(pid, "SIGTERM");
      killTimer = setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE);
    };
    signal.addEventListener("abort", stop, { once: true });

    const finish = (failure: Error | null) => {
      signal.removeEventListener("abort", stop);
      clearTimeout(killTimer);
      // Whatever the command left behind in its group must not outlive the build.
      if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
      out.end();
      err.end();
      if (failure) reject(failure);
      else resolve(Buffer.concat(captured).toString("utf8"));
    };
    child.once("error", (error) => finish(new BuildFailure(`${command.file}: ${error.message}`)));
    child.once("exit", () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, PIPE_GRACE).unref();
    });
    child.once("close", (code, killedBy) => {
      if (signal.aborted) finish(new BuildStopped());
      else if (code === 0) finish(null);
      else finish(new BuildFailure(`${command.file} ended with ${killedBy ?? `exit code ${code}`}`));
    });
  });
}
