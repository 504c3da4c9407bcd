import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { createDatabase, databaseName, dropDatabase, engineAdapter } from "./database.ts";
import { engineError, serve } from "./rpc.ts";
import { engineVersion, openEngine } from "./wasm.ts";

// Prisma's schema engine (the WASM build) behind the command line and the JSON-RPC of the native one, for machines
// that cannot download the native one. The Prisma CLI starts it through PRISMA_SCHEMA_ENGINE_BINARY.

const Datasource = z.object({ url: z.string().optional(), shadowDatabaseUrl: z.string().nullish() });

function log(level: "INFO" | "ERROR", fields: { message: string; error_code?: string }): void {
  const line = { timestamp: new Date().toISOString(), level, fields, target: "schema_engine::logger" };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ECONNRESET",
  "ENOENT",
]);

function connectionError(error: unknown, url: string): { message: string; error_code: string } {
  const { message, error_code: code = "" } = engineError(error);
  const { host, username } = new URL(url);
  if (code === "3D000") {
    return { error_code: "P1003", message: `Database \`${databaseName(url)}\` does not exist on ${host}` };
  }
  if (code === "28P01" || code === "28000") {
    return { error_code: "P1000", message: `Authentication failed for user \`${username}\` on ${host}` };
  }
  if (UNREACHABLE.has(code))
    return { error_code: "P1001", message: `Can't reach database server at ${host}` };
  return { error_code: "P1010", message };
}

async function connect(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}

const COMMANDS = new Map([
  ["can-connect-to-database", connect],
  ["create-database", createDatabase],
  ["drop-database", dropDatabase],
]);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      version: { type: "boolean" },
      datasource: { type: "string" },
      datamodels: { type: "string", multiple: true },
      "enabled-preview-features": { type: "string" },
      "extension-types": { type: "string" },
    },
  });
  if (values.version) {
    process.stdout.write(`${await engineVersion()}\n`);
    return 0;
  }
  // The CLI skips the first line of the log.
  log("INFO", { message: "Starting schema engine" });
  const { url, shadowDatabaseUrl } = Datasource.parse(JSON.parse(values.datasource ?? "{}"));
  if (positionals[0] !== "cli") {
    const adapter = engineAdapter(url ?? "postgresql://unset", shadowDatabaseUrl ?? undefined);
    await serve(() => openEngine(adapter, () => {}), url, process.stdin, process.stdout);
    return 0;
  }
  const command = COMMANDS.get(positionals[1] ?? "");
  if (command === undefined || url === undefined) {
    log("ERROR", { message: "Expected `--datasource` and `cli <command>`" });
    return 1;
  }
  try {
    await command(url);
    return 0;
  } catch (error) {
    log("ERROR", connectionError(error, url));
    return 1;
  }
}

// Not merely the exit code: the engine may still hold a session.
process.exit(await main());
