import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectBuildServer, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";
import type { BuildServerDto, createBuildServerSchema, ServerFinding } from "./schema.ts";

/** Registered build servers; tokens stay behind. Admins only. */
export async function listBuildServers(actor: Actor): Promise<{ items: BuildServerDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const rows = await db.buildServer.findMany({
    orderBy: { key: "asc" },
    select: {
      key: true,
      name: true,
      url: true,
      username: true,
      jobName: true,
      _count: { select: { components: true } },
    },
  });
  return {
    items: rows.map(({ _count, ...row }) => ({ ...row, components: _count.components })),
    nextCursor: null,
  };
}

export async function createBuildServer(input: { actor: Actor } & z.infer<typeof createBuildServerSchema>) {
  const { actor, token, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    if (await tx.buildServer.findUnique({ where: { key: fields.key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `build server ${fields.key} exists`);
    }
    const row = await tx.buildServer.create({ data: { ...fields, tokenEncrypted: "" } });
    await tx.buildServer.update({
      where: { id: row.id },
      data: { tokenEncrypted: encryptSecret(token, secretContext.buildServer(row.id)) },
    });
    await recordAudit(tx, {
      actor,
      action: "build-server.create",
      subject: "build-server",
      subjectId: fields.key,
      projectKey: null,
      data: { after: fields },
    });
  });
  return { ...fields, components: 0 };
}

/** Asks the build server now: reachable, authenticated, job there with its parameters. Admins only. */
export async function checkBuildServer(input: { actor: Actor; buildServer: string }) {
  requirePermission(input.actor, "platform.manage");
  const row = await db.buildServer.findUnique({ where: { key: input.buildServer }, select: { id: true } });
  if (!row) throw new AppError("NOT_FOUND", `no build server ${input.buildServer}`);
  return { key: input.buildServer, findings: await findingsOf(row.id) };
}

async function findingsOf(id: string): Promise<ServerFinding[]> {
  try {
    const server = await connectBuildServer(id);
    return await server.check();
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
