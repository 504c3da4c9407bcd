import { join } from "node:path";
import { SERVER } from "../build.ts";
import { ROOT } from "../prisma/cli.ts";
import { cleanEnvironment, startChild, untilReady } from "./child.ts";
import type { Kept } from "./kept.ts";
import type { Options } from "./options.ts";
import { MARK } from "./ours.ts";
import type { Supervisor } from "./supervisor.ts";

async function answersReady(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ? true : undefined;
}

/** Environment of a portal process in this demo. */
export function portalEnvironment(options: Options, kept: Kept, databaseUrl: string): Record<string, string> {
  return {
    [MARK]: options.dir,
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: kept.encryptionKey,
    NEXTAUTH_SECRET: kept.sessionSecret,
    NEXTAUTH_URL: `http://127.0.0.1:${options.port}`,
    CACHE_DIR: join(options.dir, "cache"),
    // The demo's own clusters are on this machine.
    REFRACT_CLUSTER_NETWORKS: "default, 127.0.0.0/8, ::1/128",
  };
}

/** Starts the portal's web server and its worker, and waits until the web server calls itself ready. Returns its URL. */
export async function startPortal(
  options: Options,
  settings: Record<string, string>,
  supervisor: Supervisor,
): Promise<string> {
  const url = `http://127.0.0.1:${options.port}`;
  const logFile = (name: string) => join(options.dir, "logs", `${name}.log`);
  const web = cleanEnvironment({ ...settings, HOSTNAME: "127.0.0.1", PORT: String(options.port) });
  const worker = cleanEnvironment(settings);
  await supervisor.keep("worker", () =>
    startChild({ args: [join(ROOT, "lib/queue/worker.ts")], env: worker, logFile: logFile("worker") }),
  );
  await supervisor.keep("web", async () => {
    const child = await startChild({ args: [SERVER], env: web, logFile: logFile("web") });
    await untilReady("web", child, () => answersReady(url));
    return child;
  });
  return url;
}
