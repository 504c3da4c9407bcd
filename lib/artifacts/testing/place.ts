import { randomUUID } from "node:crypto";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";

export const COMMIT = "c".repeat(40);

/** A project with one release order whose only item was built into `image` (with tag). */
export async function makeArtifact(input: { registryUrl: string; image: string; digest: string }) {
  const registry = await db.registry.create({
    data: { key: "main", name: "main", url: input.registryUrl },
  });
  const buildServerId = randomUUID();
  await db.buildServer.create({
    data: {
      id: buildServerId,
      key: "main",
      name: "main",
      url: "http://127.0.0.1:1",
      username: "admin",
      tokenEncrypted: encryptSecret("token", secretContext.buildServer(buildServerId)),
    },
  });
  const project = await db.project.create({ data: { key: "quotes", name: "行情" } });
  const [dev, stranger] = await Promise.all([
    db.user.create({
      data: {
        username: "dev",
        displayName: "开发",
        memberships: { create: { projectId: project.id, role: "developer" } },
      },
    }),
    db.user.create({ data: { username: "stranger", displayName: "路人" } }),
  ]);
  const component = await db.component.create({
    data: {
      projectId: project.id,
      key: "quote-api",
      name: "行情接口",
      gitUrl: "https://git.test/quotes/quote-api.git",
      buildServerId,
      registryId: registry.id,
    },
  });
  const release = await db.release.create({
    data: {
      number: "R-2026-0001",
      projectId: project.id,
      title: "行情接口改进",
      state: "built",
      createdById: dev.id,
      items: { create: { componentId: component.id, ref: "main", commit: COMMIT, commitSubject: "fix" } },
    },
    include: { items: true },
  });
  const item = release.items[0];
  if (!item) throw new Error("no item");
  const build = await db.build.create({
    data: {
      itemId: item.id,
      attempt: 1,
      attemptId: randomUUID(),
      state: "succeeded",
      triggeredById: dev.id,
      parameters: { values: {}, secrets: [], sends: 1 },
    },
  });
  const artifact = await db.artifact.create({
    data: {
      itemId: item.id,
      buildId: build.id,
      image: input.image,
      repository: input.image.slice(0, input.image.lastIndexOf(":")),
      digest: input.digest,
      commit: COMMIT,
    },
  });
  const actor = async (id: string): Promise<Actor> => {
    const found = await loadActor(id);
    if (!found) throw new Error("no such user");
    return found;
  };
  return {
    artifactId: artifact.id,
    buildId: build.id,
    component,
    project,
    release,
    registry,
    dev: await actor(dev.id),
    stranger: await actor(stranger.id),
  };
}
