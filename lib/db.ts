import { PrismaPg } from "@prisma/adapter-pg";
import { env } from "#lib/env.ts";
import { type Prisma, PrismaClient } from "#lib/generated/prisma/client.ts";

/** The client inside a transaction; `db` itself fits too. */
export type Tx = Prisma.TransactionClient;

// The settings are read at the first query, not at import: `next build` imports this module without any.
function connect() {
  const schema = new URL(env.DATABASE_URL).searchParams.get("schema") ?? undefined;
  const pool = { connectionString: env.DATABASE_URL, max: env.DATABASE_POOL };
  return new PrismaPg(pool, { schema, statementNameGenerator: statementName }).connect();
}

/** Texts that a connection keeps prepared. The portal has fewer; lists of many lengths must not fill its memory. */
const MAX_PREPARED = 400;
const prepared = new Map<string, string>();

/** A name for a query's text, so that the database parses and plans it once a connection; none when there are too many. */
function statementName({ sql }: { sql: string }): string {
  const known = prepared.get(sql);
  if (known) return known;
  if (prepared.size >= MAX_PREPARED) return "";
  const name = `refract_${prepared.size + 1}`;
  prepared.set(sql, name);
  return name;
}

const holder = globalThis as typeof globalThis & { refractDb?: PrismaClient };

/** The database client of this process. Kept on globalThis: a reloaded module must not open a second pool. */
export const db: PrismaClient =
  holder.refractDb ??
  new PrismaClient({ adapter: { provider: "postgres", adapterName: "@prisma/adapter-pg", connect } });
holder.refractDb = db;
