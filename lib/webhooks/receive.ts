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
 * Takes a delivery of a Git host in: keeps it once, by the host's own id and by what was signed, and lets a worker look
 * at it. The same one again gets the same answer, and counts for nothing. Release orders come later: Git hosts give up on
 * who takes long.
 * @param read the body as it came
 * @param parse its value; called once the sender has proven to know the secret
 * @throws AppError UNAUTHENTICATED when the host, its secret or the proof is not there or wrong, all alike;
 * INVALID_INPUT, of any sender for a body that cannot be read; THROTTLED with the seconds to wait
 */
export async function receiveWebhook(input: {
  sourceHost: string;
  headers: Headers;
  read: () => Promise<string>;
  parse: (text: string) => unknown;
}): Promise<{ delivery: string }> {
  const host = await db.sourceHost.findUnique({ where: { key: input.sourceHost } });
  const text = await textOf(host?.id, input);
  const secret = host?.webhookSecretEncrypted
    ? decryptSecret(host.webhookSecretEncrypted, secretContext.webhook(host.id))
    : null;
  // Proven first: whoever does not know the secret must not use up what the Git host may send.
  const proven = host && secret !== null ? provenDelivery(host.kind, input.headers, text, secret) : null;
  if (!host || !proven) {
    const refusal = secret === null ? "NO_SECRET" : "PROOF";
    if (host) await listRefusal(host.id, eventOf(input.headers), refusal);
    throw new AppError("UNAUTHENTICATED", "no such webhook, or its secret is another one");
  }
  const event = readEvent(proven.event, await bodyOf(host.id, proven.event, () => input.parse(text)));
  const { id: deliveryId, bodyHash } = proven;
  const same = {
    where: { hostId: host.id, OR: [{ deliveryId }, ...(bodyHash === null ? [] : [{ bodyHash }])] },
    orderBy: { id: "asc" as const },
    select: { id: true, deliveryId: true, outcome: true },
  };
  const known = await db.webhookDelivery.findFirst(same);
  if (known) {
    if (known.deliveryId !== deliveryId) await listRefusal(host.id, proven.event, "REPEATED");
    return { delivery: known.id };
  }
  await admit(host.id, proven.event);
  const detail: Partial<DeliveryDetail> =
    "ignored" in event
      ? { reason: event.ignored }
      : { subject: event.subject, pusher: event.pusher, addresses: event.addresses };
  return transaction(async (tx) => {
    // Of two at the same moment the second waits here for the first, and then finds it.
    const { count } = await tx.webhookDelivery.createMany({
      data: {
        ...{ hostId: host.id, deliveryId, bodyHash },
        event: "ignored" in event ? proven.event : event.kind,
        repository: event.repository,
        ref: event.ref,
        commit: "ignored" in event ? null : event.commit,
        outcome: "ignored" in event ? "ignored" : "received",
        detail,
      },
      skipDuplicates: true,
    });
    const { id, outcome } = await tx.webhookDelivery.findFirstOrThrow(same);
    if (count > 0 && outcome === "received") {
      await enqueue(tx, "webhook.deliver", { deliveryId: id }, { key: `webhook:${id}` });
    }
    return { delivery: id };
  });
}

/** The body's text. @throws AppError INVALID_INPUT, listed for a host that is there */
async function textOf(
  hostId: string | undefined,
  { headers, read }: { headers: Headers; read: () => Promise<string> },
): Promise<string> {
  try {
    return await read();
  } catch (error) {
    const reason = error instanceof AppError && "maxBytes" in error.facts ? "SIZE" : "BODY";
    if (hostId !== undefined) await listRefusal(hostId, eventOf(headers), reason);
    throw error;
  }
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
