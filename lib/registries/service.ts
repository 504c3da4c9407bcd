import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectRegistry, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { transaction } from "#lib/transaction.ts";
import { listRegistries } from "./queries.ts";
import type { createRegistrySchema, RegistryDto, updateRegistrySchema } from "./schema.ts";

const one = async (actor: Actor, key: string): Promise<RegistryDto> => {
  const row = (await listRegistries(actor)).items.find((registry) => registry.key === key);
  if (!row) throw new AppError("NOT_FOUND", `no registry ${key}`);
  return row;
};
const audit = { subject: "registry", projectKey: null };
const seal = (id: string, password: string) => encryptSecret(password, secretContext.registry(id));

/**
 * Registers an image registry; its password is stored encrypted. Admins only.
 * @throws AppError FORBIDDEN; CONFLICT when the key is taken
 */
export async function createRegistry(
  input: { actor: Actor } & z.infer<typeof createRegistrySchema>,
): Promise<RegistryDto> {
  const { actor, password, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    if (await tx.registry.findUnique({ where: { key: fields.key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `registry ${fields.key} exists`);
    }
    const { id } = await tx.registry.create({ data: fields });
    if (password) {
      await tx.registry.update({ where: { id }, data: { passwordEncrypted: seal(id, password) } });
    }
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "registry.create",
      subjectId: fields.key,
      data: { after: fields },
    });
  });
  return one(actor, fields.key);
}

/**
 * Renames a registry, or gives it another address, kind or credential. With another address the stored credential goes,
 * unless a new one comes with it: what was meant for one host is never shown to another. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT
 */
export async function updateRegistry(
  input: { actor: Actor; registry: string } & z.infer<typeof updateRegistrySchema>,
): Promise<RegistryDto> {
  const { actor, registry: key, version, credential } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    const row = await tx.registry.findUnique({ where: { key } });
    if (!row) throw new AppError("NOT_FOUND", `no registry ${key}`);
    const after = { name: input.name ?? row.name, url: input.url ?? row.url, kind: input.kind ?? row.kind };
    const moved = new URL(after.url).href !== new URL(row.url).href;
    const given = credential === undefined && moved ? null : credential;
    const replaced = given !== undefined && {
      username: given?.username ?? null,
      passwordEncrypted: given ? seal(row.id, given.password) : null,
    };
    // What was found with the former address, kind or credential says nothing about the new one.
    const unchecked = (replaced || after.kind !== row.kind) && { checkedAt: null, checkResult: [] };
    const { count } = await tx.registry.updateMany({
      where: { id: row.id, version },
      data: { ...after, ...replaced, ...unchecked, version: { increment: 1 } },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
    if (unchecked) {
      // What it refused before it may take now.
      await tx.keptImage.updateMany({ where: { registryId: row.id }, data: { problem: Prisma.DbNull } });
    }
    if (after.kind !== row.kind) {
      // A Harbor knows more of an image than was asked for before, and a plain registry less.
      const of = { item: { component: { registryId: row.id } } };
      await tx.artifact.updateMany({ where: of, data: { inspectedAt: null } });
      await tx.imageCopy.updateMany({ where: { registryId: row.id }, data: { inspectedAt: null } });
    }
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "registry.update",
      subjectId: key,
      data: {
        before: { name: row.name, url: row.url, kind: row.kind, username: row.username },
        after: { ...after, username: given === undefined ? row.username : (given?.username ?? null) },
        credential: given === undefined ? "kept" : given === null ? "dropped" : "replaced",
      },
    });
  });
  return one(actor, key);
}

/**
 * Asks the registry now, and keeps what was found: whether it answers, lets us in and leaves kept images alone. Admins
 * only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile
 */
export async function checkRegistry(input: { actor: Actor; registry: string }): Promise<RegistryDto> {
  const { actor, registry: key } = input;
  requirePermission(actor, "platform.manage");
  const row = await db.registry.findUnique({ where: { key }, select: { id: true, version: true } });
  if (!row) throw new AppError("NOT_FOUND", `no registry ${key}`);
  const wanted = await db.keptImage.findMany({
    where: { registryId: row.id, endedAt: null },
    select: { repository: true, digest: true },
  });
  const findings = await (await connectRegistry(row.id)).check({ wanted });
  await transaction(async (tx) => {
    const { count } = await tx.registry.updateMany({
      where: { id: row.id, version: row.version },
      data: { checkedAt: new Date(), checkResult: findings },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "registry.check",
      subjectId: key,
      data: { failed: findings.filter(({ ok }) => !ok).map(({ code }) => code) },
    });
  });
  return one(actor, key);
}
