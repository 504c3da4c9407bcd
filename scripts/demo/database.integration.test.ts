import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrate } from "../prisma/cli.ts";
import { createDatabase, dropDatabase, withDatabase } from "../prisma/database.ts";
import { resetDatabase, startDatabase } from "./database.ts";
import { readOptions } from "./options.ts";
import { Supervisor } from "./supervisor.ts";

const given = withDatabase(inject("templateUrl"), `refract_given_${process.pid}`);
const options = readOptions([], { DEMO_DATABASE_URL: given, DEMO_DIR: "/nonexistent/refract-demo" });
const client = new pg.Client({ connectionString: given });

beforeAll(async () => {
  await createDatabase(given);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await dropDatabase(given);
});

const tables = async () => {
  const { rows } = await client.query<{ name: string }>(
    "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
};

test("in a given database the demo keeps to its own schema, and reset removes that alone", async () => {
  await client.query(`CREATE TABLE "User" (precious text)`);
  const supervisor = new Supervisor(
    () => undefined,
    () => undefined,
  );
  const url = await startDatabase(options, 0, supervisor);
  await migrate(url);
  const found = await tables();
  expect(found).toContain("refract_demo.User");
  expect(found.filter((name) => name.startsWith("public."))).toEqual(["public.User"]);

  // Plain SQL on the same URL sees the demo's tables, not the owner's.
  const demo = new pg.Client({ connectionString: url });
  await demo.connect();
  expect((await demo.query(`SELECT count(*)::int AS n FROM "AuditHead"`)).rows).toEqual([{ n: 1 }]);
  await demo.end();

  await resetDatabase(options);
  expect(await tables()).toEqual(["public.User"]);
});

test("a queue of somebody else in that database is not touched", async () => {
  await client.query("CREATE SCHEMA pgboss");
  const supervisor = new Supervisor(
    () => undefined,
    () => undefined,
  );
  await expect(startDatabase(options, 0, supervisor)).rejects.toThrow(/pgboss/);
  await resetDatabase(options);
  expect((await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'pgboss'")).rowCount).toBe(1);
});
