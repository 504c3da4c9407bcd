import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { AdapterError } from "#lib/errors.ts";
import { failureOf, gaveUp } from "./failure.ts";

export type GitRun = {
  args: string[];
  /** For messages, e.g. the URL. */
  what: string;
  env?: Record<string, string>;
  timeoutMs: number;
  signal?: AbortSignal;
  maxBytes?: number;
  /** A git that ends with a failure has no output, instead of an error: for questions whose answer may be no. */
  emptyOnFailure?: boolean;
};

/** What git or a Git host says at once is at most this long. */
export const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_BYTES = 16 * 1024;
/** Git gets what it needs to reach a server, not the portal's own secrets. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "GIT_SSH",
  "GIT_SSL_CAINFO",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
];

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: Record<string, string> = {
    // Messages are read by us: in English. Nobody is there to answer a question.
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? "ssh -o BatchMode=yes",
    // No network at all unless the caller allows a protocol: a partial mirror must not fetch what it lacks on its own.
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_LAZY_FETCH: "1",
  };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { NODE_ENV: process.env.NODE_ENV, ...env, ...more };
}

/**
 * Runs git and returns its output. Throws AdapterError when it fails, takes too long, is given up, or says too much.
 * Git's helpers (git-remote-https, ssh) are ended with it.
 */
export function runGit(run: GitRun): Promise<string> {
  return new Promise((resolve, reject) => {
    if (run.signal?.aborted) {
      reject(gaveUp(run.what, run.signal.reason));
      return;
    }
    const child = spawn("git", run.args, {
      // Not the portal's own folder: a new version may have taken its place.
      cwd: tmpdir(),
      env: environment(run.env),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stopped: AdapterError | undefined;
    const stop = (error: AdapterError) => {
      stopped ??= error;
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has just ended by itself.
      }
    };
    const onAbort = () => stop(gaveUp(run.what, run.signal?.reason));
    const timer = setTimeout(() => stop(gaveUp(run.what)), run.timeoutMs);
    run.signal?.addEventListener("abort", onAbort, { once: true });

    const output: Buffer[] = [];
    let size = 0;
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > (run.maxBytes ?? MAX_OUTPUT_BYTES))
        stop(new AdapterError("broken", `${run.what}: git said more than expected`, { retryable: false }));
      else output.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (errors.length < MAX_ERROR_BYTES) errors += chunk.toString("utf8");
    });
    const finish = () => {
      clearTimeout(timer);
      run.signal?.removeEventListener("abort", onAbort);
    };
    child.on("error", (cause) => {
      finish();
      reject(new AdapterError("broken", "git cannot be started", { retryable: false, cause }));
    });
    child.on("close", (code) => {
      finish();
      if (stopped) reject(stopped);
      else if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else if (run.emptyOnFailure === true) resolve("");
      else reject(failureOf(errors, run.what));
    });
  });
}
