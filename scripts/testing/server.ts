import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextFreePort } from "../ports.ts";
import { remove, start } from "../postgres.ts";

/** A PostgreSQL server for tests: TEST_DATABASE_URL where it is set, else the embedded one in a temporary folder. */
export async function testServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), "refract-test-"));
  // Run by root, PostgreSQL is another user and must enter the folder.
  await chmod(dataDir, 0o755);
  // Far from the demo's ports, and another one for each process, so that two starters do not race for one.
  const port = await nextFreePort(20_000 + (process.pid % 20_000));
  const server = await start({ dataDir, port, database: "refract", throwaway: true });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await remove(dataDir);
    },
  };
}
