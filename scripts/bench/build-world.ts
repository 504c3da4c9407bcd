import { randomBytes } from "node:crypto";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret, sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { seedBaseImages } from "#sandbox/registry/base-images.ts";
import type { JenkinsAccess } from "./bare-jenkins.ts";

/** Fails before it publishes anything: what follows a trigger costs the next one as little as it can. */
export const SHORT = { key: "short", buildCommand: "exit 1" } as const;
/** A real build, long enough that its state is asked for many times, each time another fraction of a second. */
export const USUAL = {
  key: "usual",
  buildCommand: `node build.mjs && sleep "$(awk 'BEGIN { srand(); print 1 + rand() }')"`,
} as const;
/** Runs until somebody aborts it. */
export const LONG = { key: "long", buildCommand: "sleep 3600" } as const;
const REPOSITORY = "quote-api";

export type BuildWorld = {
  token: string;
  userId: string;
  project: string;
  buildServerId: string;
  /** Where the repository is. */
  gitUrl: string;
};

/** What is added to the way of a trigger: an idle Jenkins 2.372 answers one in about 5 ms on the same machine, by the
 * times of its recorded exchanges; 30 ms are assumed for one that works, at the other end of a network. */
export const SLOW_WAYS_MS = [5, 30] as const;
export const slowKey = (delayMs: number): string => `short-${delayMs}`;

/**
 * A project with two components that one developer builds on the given Jenkins.
 * @param input.slow addresses of the same Jenkins on which a trigger takes so long: a component each
 */
export async function makeBuildWorld(input: {
  jenkins: JenkinsAccess;
  registryUrl: string;
  gitUrl: string;
  slow: readonly { delayMs: number; url: string }[];
}): Promise<BuildWorld> {
  const { jenkins, registryUrl } = input;
  await seedBaseImages(registryUrl);
  const project = `builds-${randomBytes(3).toString("hex")}`;
  const token = `rft_${randomBytes(32).toString("base64url")}`;
  const user = await db.user.create({ data: { username: "bench-builds", displayName: "Bench" } });
  await db.apiToken.create({ data: { userId: user.id, name: "bench", tokenHash: sha256(token) } });
  const buildServerId = await registerJenkins("bench-builds", jenkins);
  const registry = await db.registry.create({
    data: { key: "bench-builds", name: "Images", url: registryUrl },
  });
  const { id: projectId } = await db.project.create({ data: { key: project, name: project } });
  await db.membership.create({ data: { projectId, userId: user.id, role: "developer" } });
  const gitUrl = `${input.gitUrl.replace(/\/$/, "")}/${REPOSITORY}.git`;
  const components: { key: string; buildCommand: string; buildServerId: string }[] = [
    { ...SHORT, buildServerId },
    { ...USUAL, buildServerId },
    { ...LONG, buildServerId },
  ];
  for (const { delayMs, url } of input.slow) {
    const key = slowKey(delayMs);
    components.push({ ...SHORT, key, buildServerId: await registerJenkins(key, { ...jenkins, url }) });
  }
  for (const component of components) {
    await db.component.create({
      data: {
        ...component,
        projectId,
        name: component.key,
        gitUrl,
        baseImage: `${new URL(registryUrl).host}/base/node:24`,
        registryId: registry.id,
      },
    });
  }
  return { token, userId: user.id, project, buildServerId, gitUrl };
}

async function registerJenkins(key: string, jenkins: JenkinsAccess): Promise<string> {
  const { url, user: username, token, job: jobName } = jenkins;
  const { id } = await db.buildServer.create({
    data: { key, name: key, url, username, tokenEncrypted: "", jobName },
  });
  const tokenEncrypted = encryptSecret(token, secretContext.buildServer(id));
  await db.buildServer.update({ where: { id }, data: { tokenEncrypted } });
  return id;
}
