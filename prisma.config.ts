import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "prisma/config";

// Without the official engine (a machine without internet) the CLI talks to the same engine built as WASM.
function hasOfficialEngine(): boolean {
  const folder = join(import.meta.dirname, "node_modules/@prisma/engines");
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("schema-engine-"));
}
const launcher = join(import.meta.dirname, "scripts/prisma/schema-engine");
if (process.env.PRISMA_SCHEMA_ENGINE_BINARY === undefined && existsSync(launcher) && !hasOfficialEngine()) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY = launcher;
}

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: {
    url: process.env.DATABASE_URL ?? "postgresql://unset",
    shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL,
  },
});
