import type { Tx } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";

/** The database's clock within a statement, as exact as the columns are. */
export const NOW = Prisma.sql`date_trunc('milliseconds', clock_timestamp())`;

/** The database's clock: the machines of several processes may differ, the record has one time. */
export async function databaseTime(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT ${NOW} AS now`;
  if (!row) throw new Error("the database told no time");
  return row.now;
}
