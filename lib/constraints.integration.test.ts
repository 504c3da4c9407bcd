import { expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";
import { GLOBAL_ROLES, PROJECT_ROLES } from "./access/roles.ts";
import { BUILD_STATES } from "./builds/state.ts";
import { DEPLOYMENT_STATES, TARGET_RUN_STATES } from "./deployments/state.ts";
import { ENVIRONMENT_KINDS, FAILURE_POLICIES, WAVE_GATES } from "./environments/schema.ts";
import { RELEASE_STATES } from "./releases/state.ts";
import { STAGE_STATES } from "./stages/state.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");

/** Words that a table's CHECK constraints on a column allow. */
async function allowed(table: string, column: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ definition: string }[]>`
    SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE contype = 'c' AND conrelid = (quote_ident(${table}))::regclass`;
  const definition = rows.find((row) => new RegExp(`\\W${column}\\W`).test(row.definition))?.definition ?? "";
  return [...definition.matchAll(/'([a-z_]+)'/g)].flatMap((match) => match[1] ?? []);
}

// The lists live in code; the database must refuse what is not on them and take all that is.
it.each([
  ["Release", "state", RELEASE_STATES],
  ["Stage", "state", STAGE_STATES],
  ["Build", "state", BUILD_STATES],
  ["Deployment", "state", DEPLOYMENT_STATES],
  ["Membership", "role", PROJECT_ROLES],
  ["Environment", "kind", ENVIRONMENT_KINDS],
  ["Environment", "waveGate", WAVE_GATES],
  ["Environment", "onFailure", FAILURE_POLICIES],
  ["User", "globalRoles", GLOBAL_ROLES],
])("the database's words for %s.%s are the code's", async (table, column, words) => {
  expect((await allowed(table, column)).toSorted()).toEqual([...words].toSorted());
});

it("takes every state of a target run", async () => {
  expect(await allowed("DeploymentTarget", "state")).toEqual(expect.arrayContaining([...TARGET_RUN_STATES]));
});

it("keeps the pieces of logs as they come: they are packed already", async () => {
  const rows = await db.$queryRaw<{ storage: string }[]>`
    SELECT attstorage::text AS storage FROM pg_attribute
    WHERE attrelid = '"BuildLogChunk"'::regclass AND attname = 'data'`;
  expect(rows).toEqual([{ storage: "e" }]);
});
