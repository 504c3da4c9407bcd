import type { Tx } from "#lib/db.ts";

/** The database's clock: the machines of several processes may differ, the record has one time. */
export async function databaseTime(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<
    { now: Date }[]
  >`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`;
  if (!row) throw new Error("the database told no time");
  return row.now;
}
