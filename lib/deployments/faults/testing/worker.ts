import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { ROOT } from "#scripts/prisma/cli.ts";

/** What its connections are called in the database. */
export const WORKER_NAME = "worker-under-test";
const READY_MS = 60_000;

export type Worker = {
  pid: number;
  /** Milliseconds since the epoch at which it said that it is ready. */
  readyAt: number;
  /** What it has logged so far. */
  log(): string;
  alive(): boolean;
  /** SIGKILL; ends when the process has. Answers when that was. */
  kill(): Promise<number>;
};

/** A worker process of its own on this test's database, as it runs beside a portal. */
export async function startWorker(): Promise<Worker> {
  const database = new URL(process.env.DATABASE_URL ?? "");
  database.searchParams.set("application_name", WORKER_NAME);
  const child = spawn(process.execPath, ["lib/queue/worker.ts"], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: database.href, LOG_LEVEL: "info", NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (piece: Buffer) => {
      text += piece.toString("utf8");
      if (text.includes("worker ready")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the worker ended (${code}):\n${text}`)));
    setTimeout(() => reject(new Error(`the worker is not ready:\n${text}`)), READY_MS).unref();
  });
  const kill = async () => {
    await end(child);
    return Date.now();
  };
  await ready.catch(async (error) => {
    await end(child);
    throw error;
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  return { pid: child.pid ?? 0, readyAt: Date.now(), log: () => text, alive, kill };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
