import type { z } from "zod";
import { type Actor, forbidden, loadActor, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { gitHost } from "#lib/adapters/git/remote.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import { transaction } from "#lib/transaction.ts";
import { type createWebhookRuleSchema, WEBHOOK_EVENTS, type webhookRuleListSchema } from "./schema.ts";

type RuleList = z.infer<typeof webhookRuleListSchema>;

/** The rules of a project, oldest first. @throws AppError NOT_FOUND */
export async function listWebhookRules(actor: Actor, projectKey: string): Promise<RuleList> {
  const project = await readProject(actor, projectKey);
  const rows = await db.webhookRule.findMany({
    where: { projectId: project.id, disabledAt: null },
    orderBy: { id: "asc" },
    select: {
      id: true,
      event: true,
      refPattern: true,
      build: true,
      createdById: true,
      createdAt: true,
      createdBy: { select: { username: true, displayName: true } },
      component: { select: { key: true, name: true, gitUrl: true } },
      releases: {
        orderBy: { id: "desc" },
        take: 1,
        select: { number: true, createdAt: true },
      },
    },
  });
  const listening = await db.sourceHost.findMany({
    where: { webhookSecretEncrypted: { not: null } },
    select: { host: true },
  });
  const writers = new Map<string, boolean>();
  for (const id of new Set(rows.map(({ createdById }) => createdById))) {
    const writer = await loadActor(id);
    writers.set(id, writer !== null && can(writer.rights, "release.write", project.id));
  }
  const bare = (host: string | null) => host?.replace(/:\d+$/, "");
  return {
    items: rows.map(({ component, releases: [last], createdById, createdAt, event, ...row }) => ({
      ...row,
      event: WEBHOOK_EVENTS.find((known) => known === event) ?? "push",
      component: component.key,
      componentName: component.name,
      createdAt: createdAt.toISOString(),
      holds: writers.get(createdById) ?? false,
      listens: listening.some(({ host }) => bare(host) === bare(gitHost(component.gitUrl))),
      lastRelease: last ? { number: last.number, createdAt: last.createdAt.toISOString() } : null,
      mayDelete: createdById === actor.id || can(actor.rights, "project.manage", project.id),
    })),
    nextCursor: null,
    mayCreate: can(actor.rights, "release.write", project.id),
  };
}

/**
 * Lets pushes make release orders, in the name of whoever asks for it. They are looked at when they come: a right that
 * is lost by then makes none.
 * @throws AppError NOT_FOUND; FORBIDDEN; INVALID_INPUT when there is no such component; CONFLICT for the same rule again
 */
export async function createWebhookRule(
  input: { actor: Actor; project: string } & z.infer<typeof createWebhookRuleSchema>,
): Promise<RuleList> {
  const { actor, component: key, ...rule } = input;
  const project = await readProject(actor, input.project);
  requirePermission(actor, "release.write", project.id);
  const component = await db.component.findUnique({
    where: { projectId_key: { projectId: project.id, key } },
    select: { id: true, archivedAt: true },
  });
  if (!component || component.archivedAt) throw new AppError("INVALID_INPUT", `no component ${key}`);
  const { event, refPattern, build } = rule;
  await transaction(async (tx) => {
    const same = { componentId: component.id, event, refPattern, disabledAt: null };
    // Whoever else adds one to the component waits here.
    await tx.$executeRaw`SELECT 1 FROM "Component" WHERE id = ${component.id}::uuid FOR UPDATE`;
    if (await tx.webhookRule.findFirst({ where: same, select: { id: true } })) {
      throw new AppError("CONFLICT", "there is a rule for these pushes");
    }
    const data = { projectId: project.id, componentId: component.id, event, refPattern, build };
    const { id } = await tx.webhookRule.create({ data: { ...data, createdById: actor.id } });
    await recordAudit(tx, {
      actor,
      action: "webhook-rule.create",
      subject: "webhook-rule",
      subjectId: id,
      projectKey: project.key,
      data: { after: { component: key, event, refPattern, build } },
    });
  });
  return listWebhookRules(actor, project.key);
}

/**
 * Ends a rule; what it made stays. Its writer may, and whoever manages the project.
 * @throws AppError NOT_FOUND; FORBIDDEN
 */
export async function deleteWebhookRule(input: {
  actor: Actor;
  project: string;
  rule: string;
}): Promise<RuleList> {
  const { actor, rule: id } = input;
  const project = await readProject(actor, input.project);
  await transaction(async (tx) => {
    const rule = await tx.webhookRule.findFirst({
      where: { id, projectId: project.id, disabledAt: null },
      select: { createdById: true, event: true, refPattern: true, component: { select: { key: true } } },
    });
    if (!rule) throw new AppError("NOT_FOUND", "no such rule");
    if (rule.createdById !== actor.id && !can(actor.rights, "project.manage", project.id)) {
      throw forbidden("project.manage");
    }
    await tx.webhookRule.update({ where: { id }, data: { disabledAt: new Date() } });
    await recordAudit(tx, {
      actor,
      action: "webhook-rule.delete",
      subject: "webhook-rule",
      subjectId: id,
      projectKey: project.key,
      data: {
        before: { component: rule.component.key, event: rule.event, refPattern: rule.refPattern },
      },
    });
  });
  return listWebhookRules(actor, project.key);
}
