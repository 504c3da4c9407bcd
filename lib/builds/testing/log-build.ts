import { randomUUID } from "node:crypto";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";

/** Value of a secret variable of the component that is built. */
export const SECRET = "s3cr3t-密码";

/** A build that runs as number 1 on a server that does not exist, of a component of its own. */
export async function makeBuild(): Promise<{
  id: string;
  componentId: string;
  userId: string;
  release: string;
}> {
  const key = randomUUID().slice(0, 8);
  const user = await db.user.create({ data: { username: key, displayName: key } });
  const project = await db.project.create({
    data: { key, name: key, members: { create: { userId: user.id, role: "developer" } } },
  });
  const component = await db.component.create({
    data: {
      projectId: project.id,
      key,
      name: key,
      gitUrl: "http://127.0.0.1/a.git",
      buildCommand: "make",
      baseImage: "base",
      artifactPath: "dist",
      buildServerId: (
        await db.buildServer.create({
          data: { key, name: key, url: "http://127.0.0.1:1", username: "u", tokenEncrypted: "" },
        })
      ).id,
      registryId: (await db.registry.create({ data: { key, name: key, url: "http://127.0.0.1:1" } })).id,
    },
  });
  const build = await db.build.create({
    data: {
      attempt: 1,
      attemptId: randomUUID(),
      state: "running",
      number: 1,
      triggeredBy: { connect: { id: user.id } },
      parameters: { values: {}, secrets: [], sends: 1 },
      item: {
        create: {
          ref: "main",
          component: { connect: { id: component.id } },
          release: {
            create: {
              number: key,
              title: key,
              projectId: project.id,
              createdById: user.id,
              state: "building",
            },
          },
        },
      },
    },
  });
  await db.buildVariable.create({
    data: {
      componentId: component.id,
      name: "TOKEN",
      secret: true,
      valueEncrypted: encryptSecret(SECRET, secretContext.buildVariable(component.id, "TOKEN")),
    },
  });
  return { id: build.id, componentId: component.id, userId: user.id, release: key };
}
