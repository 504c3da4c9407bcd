import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectRegistry, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";
import type { createRegistrySchema, RegistryDto } from "./schema.ts";

/** Registered image registries; passwords stay behind. Admins only. */
export async function listRegistries(actor: Actor): Promise<{ items: RegistryDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const rows = await db.registry.findMany({
    orderBy: { key: "asc" },
    select: { key: true, name: true, url: true, username: true, _count: { select: { components: true } } },
  });
  return {
    items: rows.map(({ _count, ...row }) => ({ ...row, components: _count.components })),
    nextCursor: null,
  };
}

export async function createRegistry(input: { actor: Actor } & z.infer<typeof createRegistrySchema>) {
  const { actor, password, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    if (await tx.registry.findUnique({ where: { key: fields.key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `registry ${fields.key} exists`);
    }
    const row = await tx.registry.create({ data: fields });
    if (password) {
      const passwordEncrypted = encryptSecret(password, secretContext.registry(row.id));
      await tx.registry.update({ where: { id: row.id }, data: { passwordEncrypted } });
    }
    await recordAudit(tx, {
      actor,
      action: "registry.create",
      subject: "registry",
      subjectId: fields.key,
      projectKey: null,
      data: { after: fields },
    });
  });
  return { ...fields, username: fields.username ?? null, components: 0 };
}

/** Asks the registry now: reachable and authenticated. Admins only. */
export async function checkRegistry(input: { actor: Actor; registry: string }) {
  requirePermission(input.actor, "platform.manage");
  const row = await db.registry.findUnique({ where: { key: input.registry }, select: { id: true } });
  if (!row) throw new AppError("NOT_FOUND", `no registry ${input.registry}`);
  try {
    await (await connectRegistry(row.id)).ping();
    return {
      key: input.registry,
      findings: [{ code: "REACHABLE", ok: true, message: "the registry answers and lets us in" }],
    };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const code = error.failure === "unauthorized" ? "CREDENTIAL" : "REACHABLE";
    return {
      key: input.registry,
      findings: [
        { code, ok: false, message: error.message, fix: "check the address, the credential and the network" },
      ],
    };
  }
}
