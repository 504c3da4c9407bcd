import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { AppError } from "#lib/errors.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { readPublicKey } from "./public-key.ts";
import { toDto } from "./queries.ts";
import type { createSigningKeySchema, SigningKeyDto, updateSigningKeySchema } from "./schema.ts";

/**
 * Registers a public key; artifacts are looked at again with it. Admins only.
 * @throws AppError FORBIDDEN | CONFLICT when the name is taken | BLOCKED with what is wrong with the key
 */
export async function createSigningKey(
  input: { actor: Actor } & z.infer<typeof createSigningKeySchema>,
): Promise<SigningKeyDto> {
  const { actor, key, name } = input;
  requirePermission(actor, "platform.manage");
  const read = readPublicKey(input.publicKey);
  if (!read.ok) {
    throw new AppError("BLOCKED", "this is not a public key that can be used", {
      blockers: [{ code: read.refusal, message: "not a usable public key", facts: {}, liftedBy: ["admin"] }],
    });
  }
  const { pem, algorithm, fingerprint } = read.key;
  return transaction(async (tx) => {
    if (await tx.signingKey.findUnique({ where: { key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `signing key ${key} exists`);
    }
    const row = await tx.signingKey.create({ data: { key, name, publicKey: pem } });
    await recordAudit(tx, {
      actor,
      action: "signing-key.create",
      subject: "signing-key",
      subjectId: key,
      projectKey: null,
      data: { name, algorithm, fingerprint },
    });
    return toDto(row, 0);
  });
}

/**
 * Renames a key or revokes it; what it verified is looked at again. It is never deleted and never comes back: what it
 * vouched for, and until when, stays on record. Admins only. @throws AppError FORBIDDEN | NOT_FOUND
 */
export async function updateSigningKey(
  input: { actor: Actor; key: string } & z.infer<typeof updateSigningKeySchema>,
): Promise<SigningKeyDto> {
  const { actor, key, name, revoked } = input;
  requirePermission(actor, "platform.manage");
  return transaction(async (tx) => {
    const before = await tx.signingKey.findUnique({ where: { key } });
    if (!before) throw new AppError("NOT_FOUND", `no signing key ${key}`);
    const revokes = revoked === true && before.revokedAt === null;
    const row = await tx.signingKey.update({
      where: { key },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(revokes ? { revokedAt: await databaseTime(tx) } : {}),
      },
    });
    await recordAudit(tx, {
      actor,
      action: revokes ? "signing-key.revoke" : "signing-key.update",
      subject: "signing-key",
      subjectId: key,
      projectKey: null,
      data: { before: { name: before.name }, after: { name: row.name } },
    });
    return toDto(row, 0);
  });
}
