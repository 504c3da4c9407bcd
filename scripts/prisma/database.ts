import { randomUUID } from "node:crypto";
import {
  bindMigrationAwareSqlAdapterFactory,
  type ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import pg from "pg";
import { Session } from "./session.ts";

/** The same server and options, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function onServer(url: string, sql: (database: string) => string, database: string): Promise<void> {
  const maintenance = new URL(withDatabase(url, "postgres"));
  maintenance.searchParams.delete("schema");
  maintenance.searchParams.delete("options");
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await client.query(sql(client.escapeIdentifier(database)));
  } finally {
    await client.end();
  }
}

/** Name of the database that `url` points to. */
export function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** Creates the database that `url` names. */
export async function createDatabase(url: string): Promise<void> {
  await onServer(url, (name) => `CREATE DATABASE ${name}`, databaseName(url));
}

/** Creates the database that `url` names as a copy of `template`, which nobody may be connected to. */
export async function cloneDatabase(url: string, template: string): Promise<void> {
  const quoted = pg.escapeIdentifier(template);
  await onServer(url, (name) => `CREATE DATABASE ${name} TEMPLATE ${quoted}`, databaseName(url));
}

/** Drops the database that `url` names, if it is there, ending the sessions that still use it. */
export async function dropDatabase(url: string): Promise<void> {
  await onServer(url, (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, databaseName(url));
}

/**
 * Sessions for the engine: the database itself, and a shadow database where it replays migrations.
 * @param shadowUrl a database given for it (emptied first); without one a database is created and dropped again
 */
export function engineAdapter(
  url: string,
  shadowUrl: string | undefined,
): ErrorCapturingSqlMigrationAwareDriverAdapterFactory {
  return bindMigrationAwareSqlAdapterFactory({
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => Session.open(url),
    connectToShadowDb: async () => {
      if (shadowUrl !== undefined) return Session.open(shadowUrl);
      const shadow = withDatabase(url, `prisma_migrate_shadow_db_${randomUUID()}`);
      await createDatabase(shadow);
      return Session.open(shadow, () => dropDatabase(shadow));
    },
  });
}
