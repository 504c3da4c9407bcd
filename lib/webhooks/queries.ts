import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { toPage } from "#lib/http/page.ts";
import {
  deliveryDetailSchema,
  WEBHOOK_OUTCOMES,
  type webhookDeliveryListSchema,
  type webhookDeliveryQuerySchema,
} from "./schema.ts";

/** What a Git host told, newest first, with what came of it. Admins only. @throws AppError FORBIDDEN; NOT_FOUND */
export async function listWebhookDeliveries(
  actor: Actor,
  input: { sourceHost: string } & z.infer<typeof webhookDeliveryQuerySchema>,
): Promise<z.infer<typeof webhookDeliveryListSchema>> {
  requirePermission(actor, "platform.manage");
  const host = await db.sourceHost.findUnique({ where: { key: input.sourceHost }, select: { id: true } });
  if (!host) throw new AppError("NOT_FOUND", `no Git host ${input.sourceHost}`);
  const rows = await db.webhookDelivery.findMany({
    where: { hostId: host.id, ...(input.cursor ? { id: { lt: input.cursor } } : {}) },
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  const page = toPage(rows, input.limit, ({ id }) => id);
  return {
    ...page,
    items: page.items.map((row) => {
      const { reason, pusher, rules } = deliveryDetailSchema.parse(row.detail);
      return {
        id: row.id,
        receivedAt: row.receivedAt.toISOString(),
        event: row.event,
        repository: row.repository,
        ref: row.ref,
        commit: row.commit,
        pusher,
        outcome: WEBHOOK_OUTCOMES.find((known) => known === row.outcome) ?? "ignored",
        reason,
        rules,
      };
    }),
  };
}

const KEPT_DAYS = 30;

/** Forgets deliveries of more than 30 days ago; the orders that they made stay. */
export const forgetDeliveries = () =>
  db.$executeRaw`DELETE FROM "WebhookDelivery" WHERE "receivedAt" < now() - make_interval(days => ${KEPT_DAYS})`;
