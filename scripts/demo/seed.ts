import { execFile } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { DEMO_HISTORIES, seedRepositories } from "#sandbox/git/seed.ts";
import { seedBaseImages } from "#sandbox/registry/base-images.ts";
import { ROOT } from "../prisma/cli.ts";
import { cleanEnvironment } from "./child.ts";
import type { Options } from "./options.ts";
import type { Systems } from "./sandbox.ts";

const Seeded = z.object({
  accounts: z.array(z.object({ username: z.string(), password: z.string(), roles: z.array(z.string()) })),
  tokens: z.record(z.string(), z.string()),
});

/** Accounts that people sign in with, and API tokens by user name. */
export type Seeded = z.infer<typeof Seeded>;

/** Creates the build job on a real Jenkins that lacks it. Throws when Jenkins refuses. */
async function ensureJob({ url, user, token, job }: Systems["jenkins"]): Promise<void> {
  const xml = await readFile(join(ROOT, "deploy/jenkins/config.xml"), "utf8");
  await createJenkins({ url, username: user, token, jobName: job }).ensureJob(xml);
}

async function seedSources({ gitUrl, dir }: Options): Promise<void> {
  if (gitUrl === undefined) {
    await seedRepositories({ dataDir: join(dir, "git") });
    return;
  }
  await seedRepositories({ baseUrl: gitUrl }).catch((cause) => {
    const names = DEMO_HISTORIES.map(({ name }) => `${name}.git`).join(", ");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`DEMO_GIT_URL needs repositories to push to, empty ones: ${names}\n${reason}`, { cause });
  });
}

/**
 * Fills registry, Git server and database with what the demo shows; running it again changes nothing. The sandbox Git
 * server finds repositories in its folder; a real one must have empty ones of these names.
 */
export async function seed(
  options: Options,
  systems: Systems,
  settings: Record<string, string>,
  signingKey: string,
): Promise<Seeded> {
  await ensureJob(systems.jenkins);
  await Promise.all([seedBaseImages(systems.registryUrl), seedSources(options)]);
  const env = cleanEnvironment({
    ...settings,
    SEED_JENKINS_URL: systems.jenkins.url,
    SEED_JENKINS_USER: systems.jenkins.user,
    SEED_JENKINS_TOKEN: systems.jenkins.token,
    SEED_JENKINS_JOB: systems.jenkins.job,
    SEED_REGISTRY_URL: systems.registryUrl,
    SEED_REGISTRY_KIND: options.registryUrl === undefined ? "harbor" : "oci",
    SEED_HARBOR_ROBOT: systems.robot.name,
    SEED_HARBOR_SECRET: systems.robot.secret,
    SEED_PRODUCTION_REGISTRY_URL: systems.productionRegistryUrl,
    SEED_GIT_URL: systems.gitUrl,
    ...(options.gitUrl === undefined ? { SEED_GIT_DIR: join(options.dir, "git") } : {}),
    SEED_HISTORY: options.history ? "1" : "0",
    // The public half alone: a build server that is not the demo's own signs with keys that the demo does not know.
    ...(options.jenkins === undefined
      ? { SEED_SIGNING_KEY: createPublicKey(signingKey).export({ type: "spki", format: "pem" }).toString() }
      : {}),
    SEED_KUBECONFIGS: systems.kubeconfigs.join(delimiter),
  });
  const script = join(ROOT, "prisma/seed/demo.ts");
  const execution = { cwd: ROOT, env, maxBuffer: 16 * 1024 * 1024, timeout: 120_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [script], execution);
  const line = stdout.split("\n").findLast((text) => text.startsWith("{"));
  return Seeded.parse(JSON.parse(line ?? stdout));
}
