import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import { cloneDatabase, databaseName, dropDatabase, withDatabase } from "../prisma/database.ts";

const holder = globalThis as typeof globalThis & {
  refractDb?: { $disconnect(): Promise<void> };
  refractBoss?: Promise<{ stop(options: { graceful: boolean }): Promise<void> }>;
};

/**
 * Gives the calling test file a migrated, empty database of its own and the other settings of a portal process; drops
 * it after the file's last test. Call it once, at the top of the file: `const { url } = await testDatabase();`. `db`
 * connects at its first query, so the order of imports does not matter.
 */
export async function testDatabase(): Promise<{ url: string }> {
  const template = inject("templateUrl");
  const url = withDatabase(template, `${databaseName(template)}_${randomBytes(4).toString("hex")}`);
  await cloneDatabase(url, databaseName(template));
  process.env.DATABASE_URL = url;
  process.env.ENCRYPTION_KEY ??= randomBytes(32).toString("base64");
  process.env.NEXTAUTH_SECRET ??= randomBytes(32).toString("base64");
  process.env.REFRACT_CLUSTER_NETWORKS ??= "default, 127.0.0.0/8";
  process.env.NEXTAUTH_URL ??= "http://127.0.0.1:3000";
  afterAll(async () => {
    const queue = await holder.refractBoss;
    await queue?.stop({ graceful: false });
    await holder.refractDb?.$disconnect();
    await dropDatabase(url);
  });
  return { url };
}
