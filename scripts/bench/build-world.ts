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
const REPOSITORY = "quote-api";

export type BuildWorld = {
  token: string;
  userId: string;
  project: string;
  buildServerId: string;
  /** Where the repository is. */
  gitUrl: string;
};

/** A project with two components that one developer builds on the given Jenkins. */
export async function makeBuildWorld(input: {
  jenkins: JenkinsAccess;
  registryUrl: string;
  gitUrl: string;
}): Promise<BuildWorld> {
  const { jenkins, registryUrl } = input;
  await seedBaseImages(registryUrl);
  const project = `builds-${randomBytes(3).toString("hex")}`;
  const token = `rft_${randomBytes(32).toString("base64url")}`;
  const user = await db.user.create({ data: { username: "bench-builds", displayName: "Bench" } });
  await db.apiToken.create({ data: { userId: user.id, name: "bench", tokenHash: sha256(token) } });
  const { id: buildServerId } = await db.buildServer.create({
    data: {
      key: "bench-builds",
      name: "CI",
      url: jenkins.url,
      username: jenkins.user,
      tokenEncrypted: "",
      jobName: jenkins.job,
    },
  });
  const tokenEncrypted = encryptSecret(jenkins.token, secretContext.buildServer(buildServerId));
  await db.buildServer.update({ where: { id: buildServerId }, data: { tokenEncrypted } });
  const registry = await db.registry.create({
    data: { key: "bench-builds", name: "Images", url: registryUrl },
  });
  const { id: projectId } = await db.project.create({ data: { key: project, name: project } });
  await db.membership.create({ data: { projectId, userId: user.id, role: "developer" } });
  const gitUrl = `${input.gitUrl.replace(/\/$/, "")}/${REPOSITORY}.git`;
  for (const { key, buildCommand } of [SHORT, USUAL]) {
    await db.component.create({
      data: {
        projectId,
        key,
        name: key,
        gitUrl,
        buildCommand,
        baseImage: `${new URL(registryUrl).host}/base/node:24`,
        buildServerId,
        registryId: registry.id,
      },
    });
  }
  return { token, userId: user.id, project, buildServerId, gitUrl };
}
