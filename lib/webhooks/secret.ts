import { randomBytes } from "node:crypto";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";

type Input = { actor: Actor; sourceHost: string };

/** Where a Git host sends its webhooks. */
export const webhookUrl = (sourceHost: string): string =>
  `${env.NEXTAUTH_URL.replace(/\/+$/, "")}/api/v1/webhooks/${sourceHost}`;

/**
 * A new webhook secret, told this once; what the former one proves counts no more. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND
 */
export async function setWebhookSecret(input: Input): Promise<{ url: string; secret: string }> {
  const secret = `rfw_${randomBytes(32).toString("base64url")}`;
  await store(input, "source-host.set-webhook-secret", secret);
  return { url: webhookUrl(input.sourceHost), secret };
}

/** Takes the webhook secret away: nobody is believed any more. Admins only. @throws AppError FORBIDDEN; NOT_FOUND */
export async function dropWebhookSecret(input: Input): Promise<undefined> {
  await store(input, "source-host.drop-webhook-secret", null);
}

async function store(
  { actor, sourceHost: key }: Input,
  action: string,
  secret: string | null,
): Promise<void> {
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    const row = await tx.sourceHost.findUnique({ where: { key }, select: { id: true } });
    if (!row) throw new AppError("NOT_FOUND", `no Git host ${key}`);
    await tx.sourceHost.update({
      where: { id: row.id },
      data: {
        webhookSecretEncrypted: secret === null ? null : encryptSecret(secret, secretContext.webhook(row.id)),
        version: { increment: 1 },
      },
    });
    await recordAudit(tx, {
      actor,
      action,
      subject: "source-host",
      subjectId: key,
      projectKey: null,
    });
  });
}
