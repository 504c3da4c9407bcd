import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { seedRepositories } from "#sandbox/git/seed.ts";
import { startGit } from "#sandbox/git/server.ts";
import { startJenkins } from "#sandbox/jenkins/server.ts";
import { seedBaseImages } from "#sandbox/registry/base-images.ts";
import { startRegistry } from "#sandbox/registry/server.ts";
import { openGate } from "./gate.ts";

const TOKEN = "test-token";
export const SECRET = "s3cr3t-of-the-build";
const PEOPLE = {
  dev: "developer",
  tester: "tester",
  tester2: "tester",
  ops: "ops",
  owner: "owner",
} as const;
type Name = keyof typeof PEOPLE | "stranger";

/** Build commands of the components: what each is there to show. */
const COMPONENTS = {
  "quote-api": "node build.mjs",
  "portal-web": "node build.mjs && echo token is $DEPLOY_TOKEN",
  "fails-api": "echo preparing && echo 'Error: the linker gave up' && exit 3",
  "slow-api": "echo started && sleep 60",
};

/**
 * Sandbox servers and a project `quotes` on FAT, STAGING and PROD with people of every role.
 * @param jobKind what the build job is
 */
export async function makeWorld({ jobKind = "freestyle" }: { jobKind?: "freestyle" | "pipeline" } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "refract-world-"));
  process.env.CACHE_DIR = join(folder, "cache");
  const git = await startGit({ port: 0, dataDir: join(folder, "git") });
  await seedRepositories({ dataDir: join(folder, "git") });
  const registry = await startRegistry({ port: 0, dataDir: join(folder, "registry") });
  await seedBaseImages(registry.url);
  const startedWith = {
    dataDir: join(folder, "jenkins"),
    token: TOKEN,
    quietPeriodSeconds: 0,
    executors: 2,
    jobKind,
  };
  let jenkins = await startJenkins({ ...startedWith, port: 0 });
  const gate = await openGate(jenkins.url);

  const environments = [];
  for (const [index, key] of ["FAT", "STAGING", "PROD"].entries()) {
    const kind = index === 0 ? "open" : "controlled";
    environments.push(
      await db.environment.create({
        data: { key, name: key, rank: index + 1, kind, approvalsRequired: index },
      }),
    );
  }
  const project = await db.project.create({
    data: {
      key: "quotes",
      name: "行情",
      environments: { create: environments.map(({ id }) => ({ environmentId: id })) },
    },
  });
  const userIds = new Map<Name, string>();
  for (const [username, role] of Object.entries(PEOPLE) as [keyof typeof PEOPLE, string][]) {
    const user = await db.user.create({
      data: {
        username,
        displayName: `${username} 测试`,
        memberships: { create: { projectId: project.id, role } },
      },
    });
    userIds.set(username, user.id);
  }
  const stranger = await db.user.create({ data: { username: "stranger", displayName: "stranger" } });
  userIds.set("stranger", stranger.id);

  const buildServerId = crypto.randomUUID();
  await db.buildServer.create({
    data: {
      id: buildServerId,
      key: "main",
      name: "main",
      url: gate.url,
      username: "admin",
      tokenEncrypted: encryptSecret(TOKEN, secretContext.buildServer(buildServerId)),
    },
  });
  const registryRow = await db.registry.create({ data: { key: "main", name: "main", url: registry.url } });
  for (const [key, buildCommand] of Object.entries(COMPONENTS)) {
    const repository = key === "portal-web" ? "portal-web" : "quote-api";
    const component = await db.component.create({
      data: {
        projectId: project.id,
        key,
        name: key,
        gitUrl: `${git.url}/${repository}.git`,
        buildCommand,
        baseImage: `${new URL(registry.url).host}/base/node:24`,
        artifactPath: "dist",
        buildServerId,
        registryId: registryRow.id,
      },
    });
    await db.buildVariable.create({
      data: {
        componentId: component.id,
        name: "DEPLOY_TOKEN",
        secret: true,
        valueEncrypted: encryptSecret(SECRET, secretContext.buildVariable(component.id, "DEPLOY_TOKEN")),
      },
    });
  }

  return {
    gate,
    registryUrl: registry.url,
    /**
     * The death of the build server and its return; `between` is told the folder of the job's builds. A Pipeline's
     * steps are on nodes that go on meanwhile.
     */
    async restartJenkins(between: (builds: string) => Promise<void>): Promise<void> {
      const { port } = jenkins;
      await jenkins.close({ keepNodes: jobKind === "pipeline" });
      await between(join(startedWith.dataDir, "jobs", "refract-build", "builds"));
      jenkins = await startJenkins({ ...startedWith, port });
    },
    project,
    /** With the rights of this moment, as each request reads them. */
    async actor(name: Name): Promise<Actor> {
      const actor = await loadActor(userIds.get(name) ?? "");
      if (!actor) throw new Error(`no user ${name}`);
      return actor;
    },
    async close(): Promise<void> {
      await gate.close();
      await jenkins.close();
      await registry.close();
      await git.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type World = Awaited<ReturnType<typeof makeWorld>>;
