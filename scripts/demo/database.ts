import { stat } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { nextFreePort } from "../ports.ts";
import { type PostgresServer, remove, start } from "../postgres.ts";
import type { Options } from "./options.ts";
import type { Supervisor } from "./supervisor.ts";

// In a database that was given, the demo keeps to schemas of its own, and knows them again by this comment.
const SCHEMA = "refract_demo";
const QUEUE_SCHEMA = "pgboss";
const COMMENT = "made by the Refract demo";

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The given database's URL, pointing to the demo's schema there (for Prisma and for plain SQL alike). */
function ownSchemaUrl(given: string): string {
  const url = new URL(given);
  url.searchParams.set("schema", SCHEMA);
  url.searchParams.set("options", `-c search_path=${SCHEMA}`);
  return url.href.replaceAll("+", "%20");
}

async function claimSchemas(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const schema of [SCHEMA, QUEUE_SCHEMA]) {
      const { rows } = await client.query<{ comment: string | null }>(
        "SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1",
        [schema],
      );
      // Somebody's queue: the demo's worker would take jobs out of it.
      if (rows.some(({ comment }) => comment !== COMMENT)) {
        throw new Error(`DEMO_DATABASE_URL: its schema ${schema} is not a demo's. Name another database.`);
      }
      if (rows.length > 0) continue;
      await client.query(`CREATE SCHEMA "${schema}"`);
      await client.query(`COMMENT ON SCHEMA "${schema}" IS '${COMMENT}'`);
    }
  });
}

async function dropOwnSchemas(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = $1",
      [COMMENT],
    );
    for (const { name } of rows) await client.query(`DROP SCHEMA ${name} CASCADE`);
  });
}

/**
 * Reads from the database of an earlier start, before a reset; the embedded one is started for it. Answers undefined
 * where there is none.
 */
export async function readOldDatabase<Result>(
  options: Options,
  read: (client: pg.Client) => Promise<Result>,
): Promise<Result | undefined> {
  const readMigrated = (url: string) =>
    withClient(url, async (client) => {
      const { rows } = await client.query("SELECT 1 WHERE to_regclass('\"InventoryObject\"') IS NOT NULL");
      return rows.length > 0 ? read(client) : undefined;
    });
  if (options.databaseUrl !== undefined) return readMigrated(ownSchemaUrl(options.databaseUrl));
  const dataDir = join(options.dir, "postgres");
  if (!(await stat(dataDir).catch(() => undefined))) return undefined;
  const port = options.ports.postgres ?? (await nextFreePort(options.port + 1));
  const server = await start({ dataDir, port, database: "refract" });
  try {
    return await readMigrated(server.url);
  } finally {
    await server.stop();
  }
}

/** Removes the demo's data: its own cluster, or its own schemas in the database that was given. */
export async function resetDatabase(options: Options): Promise<void> {
  await remove(join(options.dir, "postgres"));
  if (options.databaseUrl !== undefined) await dropOwnSchemas(options.databaseUrl);
}

/** Starts the embedded PostgreSQL, or prepares the database that was given. Returns DATABASE_URL. */
export async function startDatabase(options: Options, port: number, supervisor: Supervisor): Promise<string> {
  if (options.databaseUrl !== undefined) {
    await claimSchemas(options.databaseUrl);
    return ownSchemaUrl(options.databaseUrl);
  }
  let server: PostgresServer | undefined;
  await supervisor.keep("postgres", async () => {
    server = await start({ dataDir: join(options.dir, "postgres"), port, database: "refract" });
    return server;
  });
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return server.url;
}
