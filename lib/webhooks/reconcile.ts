import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import type { WebhookDelivery } from "#lib/generated/prisma/client.ts";
import type { Again } from "#lib/queue/looks.ts";
import { transaction } from "#lib/transaction.ts";
import { fireRule } from "./fire.ts";
import { fitsGlob } from "./glob.ts";
import { isRepository } from "./repository.ts";
import { type DeliveryDetail, deliveryDetailSchema, type RuleOutcome } from "./schema.ts";

/** A Git host that does not answer is asked again for so long. */
const PATIENCE_MS = 3_600_000;
const SWEPT = 100;

/** Deliveries that nobody has finished. */
export async function unfinishedDeliveries(): Promise<string[]> {
  const rows = await db.webhookDelivery.findMany({
    where: { outcome: "received" },
    orderBy: { id: "asc" },
    take: SWEPT,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** One look at a delivery: every rule that it fits, once. */
export async function handleWebhookJob(deliveryId: string, signal: AbortSignal): Promise<Again> {
  const delivery = await db.webhookDelivery.findUnique({
    where: { id: deliveryId },
    include: { host: { select: { key: true, host: true } } },
  });
  if (delivery?.outcome !== "received") return null;
  const detail = deliveryDetailSchema.parse(delivery.detail);
  const rules = await rulesFor(delivery, delivery.host.host, detail);
  const patient = Date.now() - delivery.receivedAt.getTime() < PATIENCE_MS;
  const outcomes: RuleOutcome[] = [];
  for (const rule of rules) {
    signal.throwIfAborted();
    const known = detail.rules.find((one) => one.rule === rule.id);
    const fired = known ?? (await fireRule(rule, { ...delivery, detail, host: delivery.host.key }, patient));
    if (typeof fired === "number") {
      // What the rules before it have made is kept.
      await db.webhookDelivery.update({
        where: { id: deliveryId },
        data: { detail: { ...detail, rules: outcomes } },
      });
      return fired;
    }
    outcomes.push(fired);
  }
  await finish(delivery, delivery.host.key, {
    ...detail,
    rules: outcomes,
    reason: rules.length === 0 ? "NO_RULE" : null,
  });
  return null;
}

async function rulesFor(delivery: WebhookDelivery, host: string, { addresses }: DeliveryDetail) {
  const rules = await db.webhookRule.findMany({
    // A rule is about what happens after it was written.
    where: {
      event: delivery.event,
      disabledAt: null,
      createdAt: { lte: delivery.receivedAt },
      component: { archivedAt: null },
    },
    orderBy: { id: "asc" },
    select: {
      id: true,
      refPattern: true,
      build: true,
      createdById: true,
      project: { select: { key: true } },
      component: { select: { key: true, gitUrl: true } },
    },
  });
  const told = { repository: delivery.repository, addresses };
  return rules.filter(
    ({ refPattern, component }) =>
      fitsGlob(refPattern, delivery.ref) && isRepository(component.gitUrl, host, told),
  );
}

function outcomeOf(detail: DeliveryDetail): string {
  const { rules } = detail;
  if (rules.some(({ release, code }) => release !== null && code === null)) return "created";
  if (rules.some(({ code }) => code === "DRAFT_FOLLOWS")) return "updated";
  return rules.every(({ code }) => code === "SAME_COMMIT") ? "ignored" : "refused";
}

async function finish(delivery: WebhookDelivery, host: string, detail: DeliveryDetail): Promise<void> {
  const outcome = outcomeOf(detail);
  await transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id: delivery.id, outcome: "received" },
      data: { outcome, detail },
    });
    if (count === 0 || outcome === "ignored") return;
    const { event, repository, ref, commit } = delivery;
    await recordAudit(tx, {
      actor: null,
      action: "webhook.deliver",
      subject: "source-host",
      subjectId: host,
      projectKey: null,
      data: { delivery: delivery.deliveryId, event, repository, ref, commit, outcome, rules: detail.rules },
    });
  });
}
