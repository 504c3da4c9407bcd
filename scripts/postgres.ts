import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chown, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { type Account, canReach, postgresAccount } from "./postgres/account.ts";
import { binariesFor, sharedFolder } from "./postgres/binaries.ts";
import { commandLine, endProcess, isAlive } from "./processes.ts";

const USER = "refract";
// SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
const STOP_SIGNALS = ["SIGINT", "SIGQUIT", "SIGKILL"] as const;

/** A running server. `url` names the database, `exited` resolves when it ends; `stop` ends the server and keeps its data. */
export type PostgresServer = { url: string; pid: number; exited: Promise<string>; stop(): Promise<void> };

// The cluster itself: inside `dataDir`, or in a shared place when PostgreSQL's user cannot enter `dataDir`.
async function clusterFolder(dataDir: string, account: Account): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  if (canReach(account, dataDir)) return join(dataDir, "cluster");
  return join(
    await sharedFolder(),
    `cluster-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`,
  );
}

async function passwordOf(dataDir: string): Promise<string> {
  const file = join(dataDir, "password");
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known !== undefined) return known;
  const made = randomBytes(18).toString("base64url");
  await writeFile(file, made, { mode: 0o600 });
  return made;
}

async function initialise(bin: string, cluster: string, password: string, account: Account): Promise<void> {
  // Written by initdb's caller at the end: a cluster without it is half made.
  const marker = `${cluster}.made`;
  if (await stat(marker).catch(() => undefined)) return;
  await rm(cluster, { recursive: true, force: true });
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  const passwordFile = `${cluster}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(cluster, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const settings = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--auth=scram-sha-256", `--username=${USER}`, `--pwfile=${passwordFile}`];
  try {
    await promisify(execFile)(join(bin, "initdb"), ["-D", cluster, ...settings, ...access], {
      ...account,
      cwd: "/",
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(marker, "");
}

// A starter that was killed leaves its server behind, holding the data and perhaps the port.
async function endPredecessor(cluster: string): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  const pid = Number((await readFile(file, "utf8").catch(() => "")).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isAlive(pid) && commandLine(pid).includes(cluster)) await endProcess(pid, STOP_SIGNALS);
  await rm(file, { force: true });
}

async function createDatabase(client: pg.Client, database: string): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
}

async function waitUntilReady(
  connectionString: string,
  database: string,
  exited: () => boolean,
): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await createDatabase(client, database);
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (exited() || Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

/**
 * Starts the PostgreSQL that npm brought, on 127.0.0.1, and creates the database if it is missing. A server that a
 * killed predecessor left on the same data is ended first.
 * @param options.dataDir folder for the cluster, its password and its log; kept between starts
 * @param options.throwaway true for data that need not survive a crash of the machine (tests)
 * Errors: the binaries are missing for this platform, or the server ends before it is ready (its log is quoted).
 */
export async function start(options: {
  dataDir: string;
  port: number;
  database: string;
  throwaway?: boolean;
}): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const account = postgresAccount();
  const bin = await binariesFor(account);
  const cluster = await clusterFolder(dataDir, account);
  const password = await passwordOf(dataDir);
  await endPredecessor(cluster);
  await initialise(bin, cluster, password, account);

  const logFile = join(dataDir, "postgres.log");
  const log = await open(logFile, "w", 0o600);
  const flags = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
  if (options.throwaway) flags.push("fsync=off", "synchronous_commit=off", "full_page_writes=off");
  const args = ["-D", cluster, "-p", String(options.port), ...flags.flatMap((flag) => ["-c", flag])];
  // Its own process group: Ctrl-C reaches the starter alone, which stops the server last.
  const stdio: ["ignore", number, number] = ["ignore", log.fd, log.fd];
  const server = spawn(join(bin, "postgres"), args, { ...account, cwd: "/", stdio, detached: true });
  const exited = new Promise<string>((done) => {
    server.once("error", (error) => done(error.message));
    server.once("exit", (code, signal) => done(signal ?? `code ${code}`));
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  await log.close();
  server.unref();

  const address = (database: string) =>
    `postgresql://${USER}:${password}@127.0.0.1:${options.port}/${database}`;
  try {
    await waitUntilReady(address("postgres"), options.database, () => ended);
  } catch (cause) {
    if (server.pid !== undefined) await endProcess(server.pid, STOP_SIGNALS);
    const tail = (await readFile(logFile, "utf8")).split("\n").slice(-15).join("\n");
    throw new Error(`PostgreSQL did not start on port ${options.port}:\n${tail}`, { cause });
  }
  const pid = server.pid ?? 0;
  return { url: address(options.database), pid, exited, stop: () => endProcess(pid, STOP_SIGNALS) };
}

/** Removes everything that `start` keeps for this folder; a server that still runs there is ended. */
export async function remove(dataDir: string): Promise<void> {
  const folder = resolve(dataDir);
  if (!(await stat(folder).catch(() => undefined))) return;
  const cluster = await clusterFolder(folder, postgresAccount());
  await endPredecessor(cluster);
  await rm(cluster, { recursive: true, force: true });
  await rm(`${cluster}.made`, { force: true });
  await rm(folder, { recursive: true, force: true });
}
