import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { connectBuildServer, secretContext } from "#lib/connections/connect.ts";
import { refuseForeignServer } from "#lib/connections/refuse.ts";
import { systemSettings, UNCHECKED } from "#lib/connections/settings.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { assertProjects } from "#lib/projects/exist.ts";
import { listBuildServers } from "./queries.ts";
import type {
  BuildServerDto,
  createBuildServerSchema,
  ServerFinding,
  updateBuildServerSchema,
} from "./schema.ts";

const settings = systemSettings({
  subject: "build-server",
  noun: "build server",
  list: listBuildServers,
  find: (tx, key) => tx.buildServer.findUnique({ where: { key } }),
  write: (tx, where, data: Prisma.BuildServerUpdateManyMutationInput) =>
    tx.buildServer.updateMany({ where, data }),
});
const seal = (id: string, token: string) => encryptSecret(token, secretContext.buildServer(id));

/**
 * Registers a Jenkins; its token or password is stored encrypted. Admins only.
 * @throws AppError FORBIDDEN; CONFLICT when the key is taken; INVALID_INPUT when a project does not exist
 */
export async function createBuildServer(
  input: { actor: Actor } & z.infer<typeof createBuildServerSchema>,
): Promise<BuildServerDto> {
  const { actor, token, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await refuseForeignServer("server", fields.url);
  return settings.create({ actor, key: fields.key }, fields, async (tx) => {
    await assertProjects(tx, fields.projects);
    const { id } = await tx.buildServer.create({ data: { ...fields, tokenEncrypted: "" } });
    await tx.buildServer.update({ where: { id }, data: { tokenEncrypted: seal(id, token) } });
  });
}

/**
 * Changes a build server, or takes it out of use: no build is begun there while it is disabled. Another address, user
 * or kind of credential needs the new token or password: what was meant for one server is never shown to another.
 * Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT; INVALID_INPUT when the token is missing or a project does not
 * exist
 */
export async function updateBuildServer(
  input: { actor: Actor; buildServer: string } & z.infer<typeof updateBuildServerSchema>,
): Promise<BuildServerDto> {
  const { actor, buildServer: key, version, token, disabled, ...asked } = input;
  requirePermission(actor, "platform.manage");
  if (asked.url !== undefined) await refuseForeignServer("server", asked.url);
  return settings.update({ actor, key, version }, async (row, tx) => {
    const { name, url, username, credentialKind, jobName, labels, projects } = row;
    const before = { name, url, username, credentialKind, jobName, labels, projects };
    const after = {
      name: asked.name ?? name,
      url: asked.url ?? url,
      username: asked.username ?? username,
      credentialKind: asked.credentialKind ?? credentialKind,
      jobName: asked.jobName ?? jobName,
      labels: asked.labels ?? labels,
      projects: asked.projects ?? projects,
    };
    const elsewhere =
      // Rows from before addresses were kept without a slash at the end.
      after.url !== url.replace(/\/+$/, "") ||
      after.username !== username ||
      after.credentialKind !== credentialKind;
    if (elsewhere && token === undefined) {
      throw new AppError("INVALID_INPUT", "another address or account needs its own token or password");
    }
    if (asked.projects) await assertProjects(tx, asked.projects);
    const disabledAt =
      disabled === undefined ? row.disabledAt : disabled ? (row.disabledAt ?? new Date()) : null;
    return {
      data: {
        ...after,
        disabledAt,
        ...(token === undefined ? {} : { tokenEncrypted: seal(row.id, token) }),
        // What was found there says nothing about another place, account or job.
        ...(token !== undefined || after.jobName !== jobName ? UNCHECKED : {}),
      },
      before: { ...before, disabled: row.disabledAt !== null },
      after: { ...after, disabled: disabledAt !== null },
      credential: token === undefined ? "kept" : "replaced",
    };
  });
}

/**
 * Asks the build server now: reachable, authenticated, job there with its parameters; what is found is kept. Admins
 * only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile
 */
export const checkBuildServer = (input: { actor: Actor; buildServer: string }): Promise<BuildServerDto> =>
  settings.check({ actor: input.actor, key: input.buildServer }, ({ id, labels }) => findingsOf(id, labels));

async function findingsOf(id: string, labels: readonly string[]): Promise<ServerFinding[]> {
  try {
    const server = await connectBuildServer(id);
    return await server.check({ labels });
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return [
      {
        code: "REACHABLE",
        ok: false,
        message: error.message,
        fix: "check the address, the network and that Jenkins runs",
      },
    ];
  }
}
