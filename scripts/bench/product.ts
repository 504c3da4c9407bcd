import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../build.ts";
import { startDatabase } from "../demo/database.ts";
import { keep } from "../demo/kept.ts";
import { readOptions } from "../demo/options.ts";
import { portalEnvironment, startPortal } from "../demo/portal.ts";
import { startSystems } from "../demo/sandbox.ts";
import { Supervisor } from "../demo/supervisor.ts";
import { nextFreePort } from "../ports.ts";
import { migrate } from "../prisma/cli.ts";

/** Nothing builds and nothing clones here: these addresses are never called. */
const NOWHERE = "http://127.0.0.1:1";

export type Product = {
  url: string;
  registryUrl: string;
  kubeconfig: string;
  /** Of the portal's processes; those who fill the database from here need them, too. */
  settings: Record<string, string>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The product as in production: built web server, worker, PostgreSQL that syncs to disk, a registry; each a process.
 * The cluster is the one of CONFORMANCE_KUBECONFIG, else the sandbox's. `start` starts web server and worker, once
 * the database is filled.
 */
export async function makeProduct(say: (line: string) => void): Promise<Product> {
  const dir = await mkdtemp(join(tmpdir(), "refract-bench-"));
  const port = await nextFreePort(47_000);
  const options = readOptions([], {
    PORT: String(port),
    DEMO_DIR: dir,
    DEMO_KUBECONFIG: process.env.CONFORMANCE_KUBECONFIG,
    DEMO_GIT_URL: NOWHERE,
    DEMO_JENKINS_URL: NOWHERE,
    DEMO_JENKINS_USER: "nobody",
    DEMO_JENKINS_TOKEN: randomBytes(8).toString("hex"),
  });
  const supervisor = new Supervisor(() => undefined, say);
  const stop = async () => {
    await supervisor.stop([["web", "worker"], ["registry", "kubernetes", "kubernetes-2"], ["postgres"]]);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await build({ onStart: () => say("next build ...") });
    const kept = await keep(options);
    const databaseUrl = await startDatabase(options, kept.ports.postgres, supervisor);
    const { registryUrl, kubeconfigs } = await startSystems(options, kept, supervisor);
    await migrate(databaseUrl);
    const settings = portalEnvironment(options, kept, databaseUrl);
    const start = async () => {
      await startPortal(options, settings, supervisor);
    };
    const kubeconfig = await readFile(kubeconfigs[0] ?? "", "utf8");
    return { url: `http://127.0.0.1:${port}`, registryUrl, kubeconfig, settings, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
