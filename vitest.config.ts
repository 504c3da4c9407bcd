import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The machines these run on have two cores and neighbours: generous limits, no absolute timings.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,prisma,sandbox,scripts,components,app}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["{lib,app,sandbox,scripts}/**/*.integration.test.ts"],
          globalSetup: ["scripts/testing/postgres-global.ts"],
        },
      },
    ],
  },
});
