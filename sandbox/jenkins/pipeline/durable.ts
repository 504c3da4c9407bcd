import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildFailure, BuildStopped } from "../build/failure.ts";
import type { Command } from "../build/process.ts";
import { GRACE, signalGroup } from "../build/process.ts";
import type { BuildLog } from "../log.ts";
import { readFrom } from "../log.ts";

/** Keeps the exit code in a file: nobody may be there to hear of it. */
const WRAPPER = '"$@"; code=$?; echo "$code" > exit.new; mv exit.new exit';
const POLL_MS = 50;
/** Copied at once; a line longer than this is copied before it ends. */
const PIECE = 1024 * 1024;

/** Thrown where the server goes down and the command goes on without it. */
export class LeftBehind extends Error {}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export interface DurableOptions {
  stop: AbortSignal;
  /** Fires when the server goes down and leaves the command to the next one. */
  leave: AbortSignal;
  /** The command was started by a server before this one. */
  again: boolean;
}

/**
 * The `sh` step of a Pipeline: a command that outlives the server. Its process, output and exit code are kept in
 * `directory`; where there is such a process already, this server takes it over and goes on copying its output.
 * @throws {BuildFailure} for another exit code than 0. @throws {BuildStopped} @throws {LeftBehind}
 */
export async function runDurably(
  directory: string,
  command: Command,
  log: BuildLog,
  { stop, leave, again }: DurableOptions,
): Promise<string> {
  const at = (name: string) => join(directory, name);
  const known = existsSync(at("pid"));
  // It went down together with the server.
  if (again && !known) throw new BuildFailure("script returned exit code -1");
  if (!known) start(directory, command);
  const pid = Number(readFileSync(at("pid"), "utf8"));
  const copied = () => (existsSync(at("copied")) ? Number(readFileSync(at("copied"), "utf8")) : 0);
  const sink = log.sink();

  async function copy(ended: boolean): Promise<boolean> {
    const from = copied();
    const piece = await readFrom(at("output"), from, Math.min(statSync(at("output")).size, from + PIECE));
    if (leave.aborted) return false;
    const whole = ended || piece.length === PIECE ? piece.length : piece.lastIndexOf(0x0a) + 1;
    if (whole === 0) return false;
    sink.write(piece.subarray(0, whole));
    writeFileSync(at("copied"), String(from + whole));
    return true;
  }

  let killAt = Number.POSITIVE_INFINITY;
  let stopping = false;
  for (;;) {
    if (leave.aborted) throw new LeftBehind();
    if (stop.aborted && !stopping) {
      stopping = true;
      killAt = Date.now() + GRACE;
      log.line("Sending interrupt signal to process");
      signalGroup(pid, "SIGTERM");
    }
    if (Date.now() > killAt) signalGroup(pid, "SIGKILL");
    // Looked at before the last copy, so that nothing written until then is missed.
    const ended = existsSync(at("exit")) || !alive(pid);
    if (await copy(ended)) continue;
    if (ended) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  sink.end();
  const code = existsSync(at("exit")) ? readFileSync(at("exit"), "utf8").trim() : stopping ? "143" : "-1";
  // Whatever the command left behind in its group must not outlive the build.
  signalGroup(pid, "SIGKILL");
  rmSync(directory, { recursive: true, force: true });
  if (stopping) {
    log.line(`script returned exit code ${code}`);
    throw new BuildStopped();
  }
  if (code !== "0") throw new BuildFailure(`script returned exit code ${code}`);
  return "";
}

function start(directory: string, command: Command): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const output = openSync(join(directory, "output"), "a", 0o600);
  const words = ["-c", `cd "$0"; ${WRAPPER}`, directory];
  const inner = ["sh", "-c", 'cd "$0"; exec "$@"', command.cwd, command.file, ...command.args];
  const child = spawn("sh", [...words, ...inner], {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  child.on("error", () => undefined);
  child.unref();
  if (child.pid === undefined) throw new BuildFailure(`${command.file} cannot be started`);
  writeFileSync(join(directory, "pid"), String(child.pid));
}
