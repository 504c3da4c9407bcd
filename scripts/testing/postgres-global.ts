import { randomUUID } from "node:crypto";
import type { TestProject } from "vitest/node";
import { migrate } from "../prisma/cli.ts";
import { createDatabase, dropDatabase, withDatabase } from "../prisma/database.ts";
import { testServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated, empty database that test files clone. */
    templateUrl: string;
  }
}

/** Vitest's globalSetup of the integration tests: one server, and one migrated database to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await testServer();
  const templateUrl = withDatabase(server.url, `refract_test_${randomUUID().replaceAll("-", "")}`);
  const teardown = async () => {
    await dropDatabase(templateUrl);
    await server.stop();
  };
  try {
    await createDatabase(templateUrl);
    await migrate(templateUrl);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide("templateUrl", templateUrl);
  return teardown;
}
