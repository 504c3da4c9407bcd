import { randomBytes } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";
import type { createTokenSchema, TokenDto } from "./schema.ts";

const toDto = (row: {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}): TokenDto => ({
  id: row.id,
  name: row.name,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
});

/** One's own API tokens that still work. */
export async function listTokens(actor: Actor): Promise<{ items: TokenDto[]; nextCursor: null }> {
  const rows = await db.apiToken.findMany({
    where: { userId: actor.id, revokedAt: null },
    orderBy: { createdAt: "desc" },
    select: { id: true, name: true, createdAt: true, lastUsedAt: true, expiresAt: true },
  });
  return { items: rows.map(toDto), nextCursor: null };
}

/** A token acts with the rights of its user as they are at each call. It is shown this once; we keep a hash. */
export async function createToken(input: { actor: Actor } & z.infer<typeof createTokenSchema>) {
  const { actor, name } = input;
  const token = `rft_${randomBytes(32).toString("base64url")}`;
  const row = await transaction(async (tx) => {
    const created = await tx.apiToken.create({
      data: {
        userId: actor.id,
        name,
        tokenHash: sha256(token),
        expiresAt: input.expiresAt ? new Date(input.expiresAt) : null,
      },
    });
    await recordAudit(tx, {
      actor,
      action: "token.create",
      subject: "token",
      subjectId: created.id,
      projectKey: null,
      data: { name, expiresAt: input.expiresAt ?? null },
    });
    return created;
  });
  return { ...toDto(row), token };
}

export async function revokeToken(input: { actor: Actor; token: string }) {
  const { actor, token } = input;
  await transaction(async (tx) => {
    const { count } = await tx.apiToken.updateMany({
      where: { id: token, userId: actor.id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new AppError("NOT_FOUND", "no such token");
    await recordAudit(tx, {
      actor,
      action: "token.revoke",
      subject: "token",
      subjectId: token,
      projectKey: null,
    });
  });
  return listTokens(actor);
}
