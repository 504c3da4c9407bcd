import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inside } from "./layers.ts";
import type { LogFile } from "./log-file.ts";
import { watchMemory } from "./memory.ts";

export interface Program {
  argv: string[];
  root: string;
  workingDir: string;
  env: Record<string, string>;
  log: LogFile;
  /** Where the process id is noted, so that a successor of a killed server can end what it left. */
  pidFile: string;
  /** Bytes of memory beyond which it is killed. */
  memoryLimit?: number;
}

export interface Exit {
  code: number;
  signal: number;
  /** Set when the program could not be started at all. */
  failure?: string;
  /** Killed for its memory: by the limit, or by the kernel; nobody else kills what this node runs. */
  outOfMemory?: boolean;
}

export interface Running {
  pid: number;
  exit: Promise<Exit>;
  signal: (name: "SIGTERM" | "SIGKILL") => void;
}

const SIGNALS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** An absolute path that exists in the image becomes its place on the host; anything else stays. */
export function mapPath(root: string, argument: string): string {
  if (!argument.startsWith("/")) return argument;
  try {
    const mapped = inside(root, argument);
    return existsSync(mapped) ? mapped : argument;
  } catch {
    return argument;
  }
}

/** The program's file on the host: `node` is the runtime of this server, the rest from image, then PATH. */
export function findProgram(program: Program): string | undefined {
  const [name = ""] = program.argv;
  const base = name.split("/").at(-1);
  const inImage = name.startsWith("/") ? mapPath(program.root, name) : undefined;
  if (inImage !== undefined && inImage !== name) return inImage;
  if (base === "node") return process.execPath;
  if (name.includes("/")) {
    const relative = inside(program.root, join(program.workingDir, name));
    if (existsSync(relative)) return relative;
    return name.startsWith("/") && existsSync(name) ? name : undefined;
  }
  const places = [
    ...(program.env.PATH ?? "").split(delimiter).map((directory) => mapPath(program.root, directory)),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return places.map((directory) => join(directory, name)).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Starts the program in a process group of its own, with its output in the log. */
export function start(program: Program): Running {
  const file = findProgram(program);
  const [name = "", ...args] = program.argv;
  if (!file) return unstarted(`exec: "${name}": executable file not found in $PATH: unknown`);
  const cwd = inside(program.root, program.workingDir);
  const path = [program.env.PATH, process.env.PATH].filter(Boolean).join(delimiter);
  let child: ChildProcess;
  try {
    child = spawn(
      file,
      args.map((argument) => mapPath(program.root, argument)),
      {
        cwd: existsSync(cwd) ? cwd : program.root,
        env: processEnv({ ...program.env, PATH: path }),
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
  } catch (error) {
    return unstarted(String(error));
  }
  child.stdout?.setEncoding("utf8").on("data", (text: string) => program.log.write("stdout", text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => program.log.write("stderr", text));
  const { pid } = child;
  if (pid !== undefined) writeFileSync(program.pidFile, JSON.stringify({ pid, started: startOf(pid) }));
  let killed = false;
  const { memoryLimit } = program;
  const stopWatching =
    pid === undefined || memoryLimit === undefined
      ? () => {}
      : watchMemory(pid, memoryLimit, () => signalGroup(pid, "SIGKILL"));
  const exit = new Promise<Exit>((resolve) => {
    const finish = (result: Exit) => {
      stopWatching();
      program.log.close();
      rmSync(program.pidFile, { force: true });
      resolve(result);
    };
    child.on("error", (error) => finish({ code: 128, signal: 0, failure: error.message }));
    // A child that daemonized something may hold the pipes open: the exit alone decides.
    child.on("exit", (code, signal) => {
      const number = signal === null ? 0 : (SIGNALS[signal] ?? 9);
      setTimeout(
        () =>
          finish({
            code: code ?? 128 + number,
            signal: number,
            outOfMemory: signal === "SIGKILL" && !killed,
          }),
        20,
      );
    });
  });
  const send = (how: "SIGTERM" | "SIGKILL") => {
    killed ||= how === "SIGKILL";
    signalGroup(pid, how);
  };
  return { pid: pid ?? 0, exit, signal: send };
}

/** Only what the container should see; some type sets want NODE_ENV in every environment, a container need not. */
function processEnv(values: Record<string, string>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { NODE_ENV: "production" };
  Reflect.deleteProperty(env, "NODE_ENV");
  return Object.assign(env, values);
}

function unstarted(reason: string): Running {
  const failure = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${reason}`;
  return { pid: 0, exit: Promise.resolve({ code: 128, signal: 0, failure }), signal: () => {} };
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (!pid) return;
  try {
    process.kill(-pid, name);
  } catch {
    // Already gone.
  }
}

/** When a process started, in clock ticks since boot; tells a reused id from the process that was noted. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Ends the process noted in the file, if it is still the one that was noted. */
export function endLeftover(pidFile: string): void {
  try {
    const noted: { pid?: unknown; started?: unknown } = JSON.parse(readFileSync(pidFile, "utf8"));
    if (typeof noted.pid === "number" && noted.started !== "" && startOf(noted.pid) === noted.started) {
      signalGroup(noted.pid, "SIGKILL");
    }
  } catch {
    // No such note, or not readable: nothing to end.
  }
  rmSync(pidFile, { force: true });
}
