import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { deliveryDetailSchema, WEBHOOK_EVENTS } from "#lib/webhooks/schema.ts";
import type { releaseOriginSchema } from "./schema.ts";

/** What the origin of a release order is told from. */
export const originSelect = {
  rule: { select: { event: true, refPattern: true } },
  delivery: { select: { id: true, detail: true, host: { select: { key: true } } } },
} as const;

type OriginRow = {
  rule: { event: string; refPattern: string } | null;
  delivery: { id: string; detail: unknown; host: { key: string } } | null;
};

/**
 * The rule that made a release order, and who pushed; null for one that a person raised. Deliveries are forgotten after a
 * while: then nobody knows who pushed. The delivery itself is for who may see what Git hosts told.
 */
export function originOf(
  actor: Actor,
  { rule, delivery }: OriginRow,
): z.infer<typeof releaseOriginSchema> | null {
  if (!rule) return null;
  const pusher = delivery ? deliveryDetailSchema.parse(delivery.detail).pusher : "";
  return {
    event: WEBHOOK_EVENTS.find((known) => known === rule.event) ?? "push",
    refPattern: rule.refPattern,
    pusher: pusher === "" ? null : pusher,
    delivery:
      delivery && can(actor.rights, "platform.manage") ? { id: delivery.id, host: delivery.host.key } : null,
  };
}
