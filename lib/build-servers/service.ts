import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectBuildServer, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { assertProjects } from "#lib/projects/exist.ts";
import { transaction } from "#lib/transaction.ts";
import { readBuildServer } from "./queries.ts";
import type {
  BuildServerDto,
  createBuildServerSchema,
  ServerFinding,
  updateBuildServerSchema,
} from "./schema.ts";

const audit = { subject: "build-server", projectKey: null };

/**
 * Registers a Jenkins; its token or password is stored encrypted. Admins only.
 * @throws AppError FORBIDDEN; CONFLICT when the key is taken; INVALID_INPUT when a project does not exist
 */
export async function createBuildServer(
  input: { actor: Actor } & z.infer<typeof createBuildServerSchema>,
): Promise<BuildServerDto> {
  const { actor, token, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    if (await tx.buildServer.findUnique({ where: { key: fields.key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `build server ${fields.key} exists`);
    }
    await assertProjects(tx, fields.projects);
    const row = await tx.buildServer.create({ data: { ...fields, tokenEncrypted: "" } });
    await tx.buildServer.update({
      where: { id: row.id },
      data: { tokenEncrypted: encryptSecret(token, secretContext.buildServer(row.id)) },
    });
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "build-server.create",
      subjectId: fields.key,
      data: { after: fields },
    });
  });
  return readBuildServer(actor, fields.key);
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
  await transaction(async (tx) => {
    const row = await tx.buildServer.findUnique({ where: { key } });
    if (!row) throw new AppError("NOT_FOUND", `no build server ${key}`);
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
    const { count } = await tx.buildServer.updateMany({
      where: { id: row.id, version },
      data: {
        ...after,
        disabledAt,
        ...(token === undefined
          ? {}
          : { tokenEncrypted: encryptSecret(token, secretContext.buildServer(row.id)) }),
        // What was found there says nothing about another place, account or job.
        ...(token !== undefined || after.jobName !== jobName ? { checkedAt: null, checkResult: [] } : {}),
        version: { increment: 1 },
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "build-server.update",
      subjectId: key,
      data: {
        before: { ...before, disabled: row.disabledAt !== null },
        after: { ...after, disabled: disabledAt !== null },
        credential: token === undefined ? "kept" : "replaced",
      },
    });
  });
  return readBuildServer(actor, key);
}

/**
 * Asks the build server now: reachable, authenticated, job there with its parameters; what is found is kept. Admins
 * only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile
 */
export async function checkBuildServer(input: {
  actor: Actor;
  buildServer: string;
}): Promise<BuildServerDto> {
  const { actor, buildServer: key } = input;
  requirePermission(actor, "platform.manage");
  const row = await db.buildServer.findUnique({
    where: { key },
    select: { id: true, version: true, labels: true },
  });
  if (!row) throw new AppError("NOT_FOUND", `no build server ${key}`);
  const { labels, ...seen } = row;
  const findings = await findingsOf(row.id, labels);
  await transaction(async (tx) => {
    const { count } = await tx.buildServer.updateMany({
      where: seen,
      data: { checkedAt: new Date(), checkResult: findings },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "build-server.check",
      subjectId: key,
      data: { failed: findings.filter(({ ok }) => ok === false).map(({ code }) => code) },
    });
  });
  return readBuildServer(actor, key);
}

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
