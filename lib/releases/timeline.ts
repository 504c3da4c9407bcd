import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type PageQuery, toPage } from "#lib/http/page.ts";
import { readRelease } from "./queries.ts";
import type { TimelineDto } from "./schema.ts";

/**
 * Who did what with a release, its builds, stages, plans and deployments, newest first, from the audit trail: events
 * may be cleared away one day, this may not.
 * @throws AppError NOT_FOUND
 */
export async function releaseTimeline(actor: Actor, number: string, query: PageQuery): Promise<TimelineDto> {
  const { id } = await readRelease(actor, number);
  const release = await db.release.findUniqueOrThrow({
    where: { id },
    select: {
      items: { select: { builds: { select: { id: true } } } },
      stages: { select: { id: true, environment: { select: { key: true } } } },
      plans: { select: { id: true, digest: true } },
      deployments: { select: { id: true } },
    },
  });
  if (query.cursor && !/^\d{1,18}$/.test(query.cursor)) {
    throw new AppError("INVALID_INPUT", "not a cursor of this list");
  }
  const of = (subject: string, ids: string[]) => ({ subject, subjectId: { in: ids } });
  const rows = await db.auditEntry.findMany({
    where: {
      // Steps are the deployment page's; here a deployment begins and ends.
      action: { not: "deployment.step" },
      OR: [
        of("release", [number, id]),
        of(
          "build",
          release.items.flatMap(({ builds }) => builds.map((build) => build.id)),
        ),
        of(
          "stage",
          release.stages.flatMap((stage) => [stage.id, `${number}/${stage.environment.key}`]),
        ),
        of(
          "plan",
          release.plans.flatMap((plan) => [plan.id, plan.digest]),
        ),
        of(
          "deployment",
          release.deployments.map((deployment) => deployment.id),
        ),
      ],
      ...(query.cursor ? { seq: { lt: BigInt(query.cursor) } } : {}),
    },
    orderBy: { seq: "desc" },
    take: query.limit + 1,
    select: {
      seq: true,
      at: true,
      actorId: true,
      actorName: true,
      action: true,
      subject: true,
      subjectId: true,
      data: true,
    },
  });
  const page = toPage(rows, query.limit, ({ seq }) => String(seq));
  const people = await db.user.findMany({
    where: { id: { in: page.items.flatMap(({ actorId }) => actorId ?? []) } },
    select: { id: true, displayName: true },
  });
  const names = new Map(people.map((person) => [person.id, person.displayName]));
  return {
    ...page,
    items: page.items.map(({ actorId, actorName, data, ...row }) => ({
      ...row,
      seq: String(row.seq),
      at: row.at.toISOString(),
      by: actorId ? { username: actorName, displayName: names.get(actorId) ?? actorName } : null,
      facts: plainFacts(data),
    })),
  };
}

/** The texts and numbers of an entry: what a sentence about it may name. */
function plainFacts(data: unknown): Record<string, string | number> {
  if (typeof data !== "object" || data === null) return {};
  return Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === "string" || typeof entry[1] === "number",
    ),
  );
}
