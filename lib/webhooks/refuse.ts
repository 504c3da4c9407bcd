import { randomUUID } from "node:crypto";
import { countOne } from "#lib/access/throttle.ts";
import { db } from "#lib/db.ts";
import type { DeliveryDetail } from "./schema.ts";

/** So many refusals in ten minutes are listed; more of them say nothing new, and anybody can send them. */
const LISTED = 20;
const WINDOW = { windowSeconds: 600, lockSeconds: 600 };

/**
 * `PROOF`: another secret or none; `NO_SECRET`: none is set here; `SIZE`: too large to be read; `BODY`: no JSON object;
 * `THROTTLED`: too many at once; `REPEATED`: what was taken before, under another id.
 */
type Refusal = "PROOF" | "NO_SECRET" | "SIZE" | "BODY" | "THROTTLED" | "REPEATED";

/**
 * Lists a delivery that was not taken in, so that an admin sees what is wrong. Nothing of its body is kept, and its id
 * stays free: the same one may come again and be taken.
 * @param event the event's name as the sender says
 */
export async function listRefusal(hostId: string, event: string, reason: Refusal): Promise<void> {
  if ((await countOne(`webhook-refused:${hostId}`, { ...WINDOW, limit: LISTED })) > LISTED) return;
  const detail: Partial<DeliveryDetail> = { reason };
  await db.webhookDelivery.create({
    data: {
      ...{ hostId, deliveryId: `refused:${randomUUID()}`, event, repository: "", ref: "" },
      ...{ outcome: "refused", detail },
    },
  });
}
