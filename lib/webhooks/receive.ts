import { countOne, secondsLocked } from "#lib/access/throttle.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { transaction } from "#lib/transaction.ts";
import { readEvent } from "./event.ts";
import { listRefusal } from "./refuse.ts";
import type { DeliveryDetail } from "./schema.ts";
import { eventOf, provenDelivery } from "./signature.ts";

/** New deliveries of one host; more of them at once are a script that ran wild, and jam the queue of all others. */
const LIMIT = { limit: 300, windowSeconds: 60, lockSeconds: 60 };

/**
 * Takes a delivery of a Git host in: keeps it once, by the host's own id, and lets a worker look at it. The same one
 * again gets the same answer, and counts for nothing. Release orders come later: Git hosts give up on who takes long.
 * @param text the body as it came
 * @param parse reads it; called once the sender has proven to know the secret
 * @throws AppError UNAUTHENTICATED when the host, its secret or the proof is not there or wrong, all alike;
 * INVALID_INPUT; THROTTLED with the seconds to wait
 */
export async function receiveWebhook(input: {
  sourceHost: string;
  headers: Headers;
  text: string;
  parse: () => unknown;
}): Promise<{ delivery: string }> {
  const host = await db.sourceHost.findUnique({ where: { key: input.sourceHost } });
  const secret = host?.webhookSecretEncrypted
    ? decryptSecret(host.webhookSecretEncrypted, secretContext.webhook(host.id))
    : null;
  // Proven first: whoever does not know the secret must not use up what the Git host may send.
  const proven =
    host && secret !== null ? provenDelivery(host.kind, input.headers, input.text, secret) : null;
  if (!host || !proven) {
    const refusal = secret === null ? "NO_SECRET" : "PROOF";
    if (host) await listRefusal(host.id, eventOf(input.headers), refusal);
    throw new AppError("UNAUTHENTICATED", "no such webhook, or its secret is another one");
  }
  const event = readEvent(proven.event, await bodyOf(host.id, proven.event, input.parse));
  const names = { hostId: host.id, deliveryId: proven.id };
  const known = await db.webhookDelivery.findUnique({
    where: { hostId_deliveryId: names },
    select: { id: true },
  });
  if (known) return { delivery: known.id };
  await admit(host.id, proven.event);
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

/** @throws AppError INVALID_INPUT, listed */
async function bodyOf(hostId: string, event: string, parse: () => unknown): Promise<unknown> {
  try {
    return parse();
  } catch (error) {
    await listRefusal(hostId, event, "BODY");
    throw error;
  }
}

/** @throws AppError THROTTLED, listed, when a host has sent too many */
async function admit(hostId: string, event: string): Promise<void> {
  const key = `webhook:${hostId}`;
  const seconds = await secondsLocked([key]);
  if (seconds === 0) {
    await countOne(key, LIMIT);
    return;
  }
  await listRefusal(hostId, event, "THROTTLED");
  throw new AppError("THROTTLED", `too many deliveries, the next in ${seconds} s`, { facts: { seconds } });
}
