import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { build } from "../build.ts";
import { startDatabase } from "../demo/database.ts";
import { keep } from "../demo/kept.ts";
import { readOptions } from "../demo/options.ts";
import { portalEnvironment, startPortal } from "../demo/portal.ts";
import { startSystems } from "../demo/sandbox.ts";
import { STOP_ORDER, Supervisor } from "../demo/supervisor.ts";
import { nextFreePort } from "../ports.ts";
import { migrate, ROOT } from "../prisma/cli.ts";
import type { JenkinsAccess } from "./bare-jenkins.ts";
import { MANY_BUILDS } from "./names.ts";

/** Where nothing is built, nothing is cloned: these addresses are never called. */
const NOWHERE = "http://127.0.0.1:1";
const NO_BUILDS = {
  DEMO_GIT_URL: NOWHERE,
  DEMO_JENKINS_URL: NOWHERE,
  DEMO_JENKINS_USER: "nobody",
  DEMO_JENKINS_TOKEN: randomBytes(8).toString("hex"),
};
const BUILDS = {
  DEMO_JENKINS_EXECUTORS: String(MANY_BUILDS + 8),
  DEMO_JENKINS_URL: process.env.CONFORMANCE_JENKINS_URL,
  DEMO_JENKINS_USER: process.env.CONFORMANCE_JENKINS_USER,
  DEMO_JENKINS_TOKEN: process.env.CONFORMANCE_JENKINS_TOKEN,
};

export type Product = {
  url: string;
  /** Its own folder for files; gone after `stop`. */
  dir: string;
  registryUrl: string;
  gitUrl: string;
  jenkins: JenkinsAccess;
  kubeconfig: string;
  /** Of the portal's processes; those who fill the database from here need them, too. */
  settings: Record<string, string>;
  /** Where the web server writes down what its clicks asked. */
  clicksFile: string;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The product as in production: built web server, worker, PostgreSQL that syncs to disk, a registry; each a process.
 * The cluster is the one of CONFORMANCE_KUBECONFIG, the Jenkins that of CONFORMANCE_JENKINS_URL, else the sandbox's.
 * `start` starts web server and worker, once the database is filled.
 * @param builds with a Jenkins that has the job, and a Git server that has repositories
 */
export async function makeProduct(say: (line: string) => void, builds: boolean): Promise<Product> {
  const dir = await mkdtemp(join(tmpdir(), "refract-bench-"));
  const port = await nextFreePort(47_000);
  const options = readOptions([], {
    PORT: String(port),
    DEMO_DIR: dir,
    DEMO_KUBECONFIG: process.env.CONFORMANCE_KUBECONFIG,
    ...(builds ? BUILDS : NO_BUILDS),
  });
  const supervisor = new Supervisor(() => undefined, say);
  const stop = async () => {
    await supervisor.stop(STOP_ORDER);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await build({ onStart: () => say("next build ...") });
    const kept = await keep(options);
    const databaseUrl = await startDatabase(options, kept.ports.postgres, supervisor);
    const { registryUrl, kubeconfigs, gitUrl, jenkins } = await startSystems(options, kept, supervisor);
    if (builds) {
      await seedRepositories({ dataDir: join(dir, "git") });
      const server = createJenkins({
        url: jenkins.url,
        username: jenkins.user,
        token: jenkins.token,
        jobName: jenkins.job,
      });
      await server.ensureJob(await readFile(join(ROOT, "deploy/jenkins/config.xml"), "utf8"));
    }
    await migrate(databaseUrl);
    const settings = portalEnvironment(options, kept, databaseUrl);
    const clicksFile = join(dir, "clicks.jsonl");
    const start = async () => {
      // Loaded into the web server alone; nothing of it is in the product.
      const watched = {
        BENCH_CLICKS: clicksFile,
        NODE_OPTIONS: `--import=${join(ROOT, "scripts/bench/click-trace.ts")}`,
      };
      await startPortal(options, builds ? { ...settings, ...watched } : settings, supervisor);
    };
    const kubeconfig = await readFile(kubeconfigs[0] ?? "", "utf8");
    const url = `http://127.0.0.1:${port}`;
    return { url, dir, registryUrl, gitUrl, jenkins, kubeconfig, settings, clicksFile, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
