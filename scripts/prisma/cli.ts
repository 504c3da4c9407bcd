import { spawn } from "node:child_process";
import { join } from "node:path";

/** The checkout's root. */
export const ROOT = join(import.meta.dirname, "../..");

/**
 * Runs the Prisma CLI in the checkout.
 * @param databaseUrl the database that it works on (DATABASE_URL of prisma.config.ts)
 * @returns exit code and everything that it printed
 */
export function prisma(
  args: readonly string[],
  databaseUrl: string,
): Promise<{ code: number; output: string }> {
  const cli = join(ROOT, "node_modules/prisma/build/index.js");
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Applies the migrations that a database lacks. Throws with the CLI's words when one fails. */
export async function migrate(databaseUrl: string): Promise<void> {
  const { code, output } = await prisma(["migrate", "deploy"], databaseUrl);
  if (code !== 0) throw new Error(`The migrations could not be applied:\n${output}`);
}
