import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { toPage } from "#lib/http/page.ts";
import { judgeImages } from "#lib/image-policies/judge.ts";
import { rulesOf } from "#lib/image-policies/queries.ts";
import { planReviewSchema } from "#lib/plans/content.ts";
import { planContent } from "#lib/plans/kept.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import { DEPLOYABLE_STAGES } from "#lib/stages/state.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { waiversWaiting } from "#lib/waivers/queries.ts";
import type { InboxItemDto, inboxQuerySchema } from "./schema.ts";

const INBOX_LIMIT = 200;
const person = { select: { username: true, displayName: true } };
const select = {
  id: true,
  digest: true,
  kind: true,
  computedAt: true,
  review: true,
  createdBy: person,
  project: { select: { key: true } },
  environment: { select: { key: true, approvalsRequired: true } },
  release: { select: { number: true, title: true } },
};

/**
 * Ids of plans that wait for this person, newest first: the latest plan of a release order that stands in the
 * environment, without blockers and with images that are let through, with approvals still missing, raised by somebody else.
 */
async function waitingIds(actor: Actor): Promise<string[]> {
  const projects = Object.keys(actor.rights.projectRoles).filter((id) =>
    can(actor.rights, "plan.approve", id),
  );
  if (projects.length === 0) return [];
  // One row a release and environment: an older plan of the same stage is never deployed any more.
  const candidates = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM (
      SELECT DISTINCT ON (p."releaseId", p."environmentId") p.id, p."computedAt", p.review, e."approvalsRequired"
      FROM "Plan" p
      JOIN "Environment" e ON e.id = p."environmentId" AND e."approvalsRequired" > 0
      JOIN "Release" r ON r.id = p."releaseId" AND r."createdById" <> ${actor.id}::uuid
      JOIN "Stage" s ON s."releaseId" = p."releaseId" AND s."environmentId" = p."environmentId"
        AND s.state = ANY(${[...DEPLOYABLE_STAGES]}::text[])
      WHERE p.kind = 'deploy' AND p."projectId" = ANY(${projects}::uuid[])
        AND NOT EXISTS (SELECT 1 FROM "Deployment" d WHERE d."planId" = p.id AND d.state = 'succeeded')
      ORDER BY p."releaseId", p."environmentId", p."computedAt" DESC
    ) latest
    WHERE jsonb_array_length(review->'blockers') = 0
      AND NOT EXISTS (SELECT 1 FROM "Approval" a WHERE a."planId" = latest.id AND a."userId" = ${actor.id}::uuid
        AND a."voidedAt" IS NULL AND (a.decision = 'reject' OR a."expiresAt" > now()))
      AND (SELECT count(*) FROM "Approval" a WHERE a."planId" = latest.id AND a.decision = 'approve'
        AND a."voidedAt" IS NULL AND a."expiresAt" > now()) < "approvalsRequired"
    ORDER BY "computedAt" DESC LIMIT ${INBOX_LIMIT}`;
  return withoutRefused(candidates.map(({ id }) => id));
}

/** Plans without those whose images are refused: they wait for a waiver, not for an approval. */
async function withoutRefused(ids: string[]): Promise<string[]> {
  const held = await db.plan.findMany({
    where: { id: { in: ids }, environment: { imagePolicy: { isNot: null } } },
    select: {
      id: true,
      projectId: true,
      environmentId: true,
      environment: { select: { imagePolicy: true } },
      release: { select: { createdById: true } },
    },
  });
  if (held.length === 0) return ids;
  const at = await databaseTime(db);
  const refused = new Set<string>();
  for (const { id, environment, release, ...place } of held) {
    const findings = await judgeImages(db, {
      ...place,
      policy: rulesOf(environment.imagePolicy),
      images: (await planContent(db, id)).inputs.images,
      creatorId: release.createdById,
      at,
    });
    if (findings.some(({ waivedBy }) => waivedBy === null)) refused.add(id);
  }
  return ids.filter((id) => !refused.has(id));
}

/** How many plans and waivers wait for this person: the number in the frame of every page. Counts without computing again. */
export async function approvalsWaiting(actor: Actor): Promise<number> {
  const [plans, waivers] = await Promise.all([waitingIds(actor), waiversWaiting(actor)]);
  return plans.length + waivers;
}

/** The inbox: plans that wait for the caller (all of them, newest first), or those that the caller decided (paged). */
export async function listApprovals(actor: Actor, query: z.infer<typeof inboxQuerySchema>) {
  return query.box === "waiting" ? listWaiting(actor, query) : listDecided(actor, query);
}

async function listWaiting(actor: Actor, query: z.infer<typeof inboxQuerySchema>) {
  const ids = await waitingIds(actor);
  const start = query.cursor ? ids.indexOf(query.cursor) + 1 : 0;
  const page = toPage(ids.slice(start, start + query.limit + 1), query.limit, (id) => id);
  const rows = await db.plan.findMany({ where: { id: { in: page.items } }, select });
  const items: InboxItemDto[] = [];
  for (const id of page.items) {
    const row = rows.find((one) => one.id === id);
    if (!row) continue;
    const { judged, current } = await planStanding(db, await loadPlan(db, { id }), {
      deployerId: null,
    });
    // Enough people agreed, or it is no longer what would be computed: nobody is waited for.
    if (!current || judged.satisfied) continue;
    items.push({ ...itemOf(row), given: judged.given, mine: null });
  }
  return { items, nextCursor: page.nextCursor };
}

async function listDecided(actor: Actor, query: z.infer<typeof inboxQuerySchema>) {
  const rows = await db.approval.findMany({
    where: { userId: actor.id, ...(query.cursor ? { id: { lt: query.cursor } } : {}) },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select: {
      id: true,
      decision: true,
      comment: true,
      createdAt: true,
      expiresAt: true,
      voidedAt: true,
      plan: {
        select: {
          ...select,
          approvals: { where: { decision: "approve", voidedAt: null }, select: { id: true } },
        },
      },
    },
  });
  const page = toPage(rows, query.limit, ({ id }) => id);
  const now = new Date();
  return {
    ...page,
    items: page.items.map(({ plan, ...row }) => ({
      ...itemOf(plan),
      given: plan.approvals.length,
      mine: {
        decision: row.decision,
        comment: row.comment,
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        valid: row.voidedAt === null && (row.decision === "reject" || row.expiresAt > now),
      },
    })),
  };
}

type Row = {
  digest: string;
  kind: string;
  computedAt: Date;
  review: unknown;
  createdBy: { username: string; displayName: string };
  project: { key: string };
  environment: { key: string; approvalsRequired: number };
  release: { number: string; title: string };
};
function itemOf(row: Row): Omit<InboxItemDto, "mine" | "given"> {
  const objects = planReviewSchema.parse(row.review).targets.flatMap((target) => target.objects);
  const count = (change: string) => objects.filter((object) => object.change === change).length;
  return {
    digest: row.digest,
    kind: row.kind,
    release: row.release.number,
    title: row.release.title,
    project: row.project.key,
    environment: row.environment.key,
    createdBy: row.createdBy,
    computedAt: row.computedAt.toISOString(),
    required: row.environment.approvalsRequired,
    changes: { create: count("create"), change: count("change"), delete: count("delete") },
  };
}
