import { PrismaPg } from "@prisma/adapter-pg";
import { env } from "#lib/env.ts";
import { type Prisma, PrismaClient } from "#lib/generated/prisma/client.ts";

/** The client inside a transaction; `db` itself fits too. */
export type Tx = Prisma.TransactionClient;

// The settings are read at the first query, not at import: `next build` imports this module without any.
function connect() {
  const schema = new URL(env.DATABASE_URL).searchParams.get("schema") ?? undefined;
  const pool = { connectionString: env.DATABASE_URL, max: env.DATABASE_POOL };
  return new PrismaPg(pool, { schema }).connect();
}

const holder = globalThis as typeof globalThis & { refractDb?: PrismaClient };

/** The database client of this process. Kept on globalThis: a reloaded module must not open a second pool. */
export const db: PrismaClient =
  holder.refractDb ??
  new PrismaClient({ adapter: { provider: "postgres", adapterName: "@prisma/adapter-pg", connect } });
holder.refractDb = db;
