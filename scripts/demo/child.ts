import { spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../prisma/cli.ts";
import { endProcess } from "../processes.ts";
import type { Running } from "./supervisor.ts";

/** What to start: a script under this Node, with its whole environment. */
export type Command = { args: readonly string[]; env: NodeJS.ProcessEnv; logFile: string; cwd?: string };

const PASSED_ON = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "SHELL",
  "USER",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
];

/** The environment of the demo's processes: a few words of the caller's, never a DATABASE_URL that it happens to have. */
export function cleanEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const passed: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) passed[name] = value;
  }
  return { ...passed, NODE_ENV: "production", ...extra };
}

/**
 * Starts a process whose output goes to a log file (a pipe would break it when the demo is killed), in a process
 * group of its own (Ctrl-C is for the demo, which stops things in order).
 * @returns the process, and its output since this start
 */
export async function startChild(command: Command): Promise<Running & { output(): Promise<string> }> {
  await mkdir(dirname(command.logFile), { recursive: true });
  const log = await open(command.logFile, "a", 0o600);
  const { size } = await log.stat();
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...command.args], {
    cwd: command.cwd ?? ROOT,
    env: command.env,
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  await log.close();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command.args[0]}: ${await exited}`);
  const output = async () => (await readFile(command.logFile)).subarray(size).toString("utf8");
  return { pid, exited, stop: () => endProcess(pid), output };
}

/**
 * Waits for a started process until `isReady` answers something.
 * Throws, with the end of its output, when it ends first or takes longer than `ms`.
 */
export async function untilReady<Answer>(
  name: string,
  child: Running & { output(): Promise<string> },
  isReady: (output: string) => Promise<Answer | undefined>,
  ms = 120_000,
): Promise<Answer> {
  let how: string | undefined;
  void child.exited.then((reason) => {
    how = reason;
  });
  for (const end = Date.now() + ms; ; await sleep(100)) {
    const output = await child.output();
    const answer = await isReady(output);
    if (answer !== undefined) return answer;
    if (how === undefined && Date.now() < end) continue;
    await child.stop();
    const tail = output.split("\n").slice(-20).join("\n");
    throw new Error(`${name} ${how ? `ended (${how})` : "is not ready in time"}:\n${tail}`);
  }
}
