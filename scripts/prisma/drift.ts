import { randomUUID } from "node:crypto";
import { migrate, prisma } from "./cli.ts";
import { createDatabase, dropDatabase, withDatabase } from "./database.ts";

/** What one gate found: `code` 0 no drift, 2 drift, anything else an error of the CLI. */
export type Finding = { gate: string; code: number; output: string };

/**
 * Two gates against drift. They differ: the first replays the migrations' SQL in a shadow database, the second looks
 * at a database that `migrate deploy` really made.
 * @param serverUrl a database on a server where databases may be created; it is not touched itself
 * @param schema path of the schema
 */
export async function findDrift(serverUrl: string, schema = "prisma/schema.prisma"): Promise<Finding[]> {
  const url = withDatabase(serverUrl, `refract_drift_${randomUUID().replaceAll("-", "")}`);
  await createDatabase(url);
  try {
    const diff = (gate: string, from: string[]) =>
      prisma(["migrate", "diff", ...from, "--to-schema", schema, "--exit-code"], url).then((found) => ({
        gate,
        ...found,
      }));
    const replayed = await diff("migrations against schema", ["--from-migrations", "prisma/migrations"]);
    await migrate(url);
    const migrated = await diff("migrated database against schema", ["--from-config-datasource"]);
    return [replayed, migrated];
  } finally {
    await dropDatabase(url);
  }
}
