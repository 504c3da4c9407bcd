import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { commandLine, isAlive } from "../processes.ts";

async function holder(file: string): Promise<number | undefined> {
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  return pid > 0 && isAlive(pid) && commandLine(pid).includes("demo/main") ? pid : undefined;
}

/**
 * Takes a demo's folder for this process. Returns the function that gives it back.
 * Throws when another demo runs in it.
 */
export async function claim(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, "demo.pid");
  for (;;) {
    try {
      const handle = await open(file, "wx", 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const pid = await holder(file);
    if (pid !== undefined) {
      throw new Error(
        `A demo already runs in ${dir} (process ${pid}). Stop it, or start another one: PORT=3100 npm run demo\n` +
          "演示已在运行：请先停止它，或换一个端口启动。",
      );
    }
    await rm(file, { force: true });
  }
}
