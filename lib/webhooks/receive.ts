import { secretContext } from "#lib/connections/connect.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { transaction } from "#lib/transaction.ts";
import { readEvent } from "./event.ts";
import type { DeliveryDetail } from "./schema.ts";
import { provenDelivery } from "./signature.ts";

/**
 * Takes a delivery of a Git host in: keeps it once, by the host's own id, and lets a worker look at it. The same one
 * again gets the same answer. Release orders come later: Git hosts give up on who takes long.
 * @param text the body as it came
 * @param parse reads it; called once the sender has proven to know the secret
 * @throws AppError UNAUTHENTICATED when the host, its secret or the proof is not there or wrong, all alike;
 * INVALID_INPUT
 */
export async function receiveWebhook(input: {
  sourceHost: string;
  headers: Headers;
  text: string;
  parse: () => unknown;
}): Promise<{ delivery: string }> {
  const host = await db.sourceHost.findUnique({ where: { key: input.sourceHost } });
  const proven = host?.webhookSecretEncrypted
    ? provenDelivery(
        host.kind,
        input.headers,
        input.text,
        decryptSecret(host.webhookSecretEncrypted, secretContext.webhook(host.id)),
      )
    : null;
  if (!host || !proven) {
    throw new AppError("UNAUTHENTICATED", "no such webhook, or its secret is another one");
  }
  const event = readEvent(proven.event, input.parse());
  const names = { hostId: host.id, deliveryId: proven.id };
  const detail: Partial<DeliveryDetail> =
    "ignored" in event
      ? { reason: event.ignored }
      : { subject: event.subject, pusher: event.pusher, addresses: event.addresses };
  return transaction(async (tx) => {
    // Of two at the same moment the second waits here for the first, and then finds it.
    const { count } = await tx.webhookDelivery.createMany({
      data: {
        ...names,
        event: "ignored" in event ? proven.event : event.kind,
        repository: event.repository,
        ref: event.ref,
        commit: "ignored" in event ? null : event.commit,
        outcome: "ignored" in event ? "ignored" : "received",
        detail,
      },
      skipDuplicates: true,
    });
    const { id, outcome } = await tx.webhookDelivery.findUniqueOrThrow({
      where: { hostId_deliveryId: names },
      select: { id: true, outcome: true },
    });
    if (count > 0 && outcome === "received") {
      await enqueue(tx, "webhook.deliver", { deliveryId: id }, { key: `webhook:${id}` });
    }
    return { delivery: id };
  });
}
