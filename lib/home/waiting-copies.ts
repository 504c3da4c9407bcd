import type { Actor } from "#lib/access/actor.ts";
import { can, mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { copyCauseSchema } from "#lib/image-copies/cause.ts";
import { environmentFacts } from "#lib/plans/facts.ts";
import { DEPLOYABLE_STAGES } from "#lib/stages/state.ts";
import type { Waiting } from "./waiting-row.ts";

const LIMIT = 20;
/** What could not be copied, and what was and is not there any more. */
const absent = { OR: [{ state: "failed" }, { state: "copied", goneSince: { not: null } }] };

/**
 * Images that did not get to the registry of an environment where the reader deploys, or were lost there, and that they may
 * ask for again: one row for each release order and environment, with the cause of the oldest. Until they are there nothing is deployed.
 */
export async function copiesWaiting(actor: Actor, projectIds: string[], now: Date): Promise<Waiting[]> {
  const mine = projectIds.filter((id) => can(actor.rights, "release.write", id));
  const stages = await db.stage.findMany({
    where: {
      state: { in: [...DEPLOYABLE_STAGES] },
      environment: { registryId: { not: null } },
      release: {
        projectId: { in: mine },
        state: "built",
        items: { some: { artifact: { copies: { some: absent } } } },
      },
    },
    orderBy: { id: "asc" },
    take: LIMIT,
    select: {
      environment: { select: { id: true, key: true, registryId: true } },
      release: {
        select: {
          number: true,
          title: true,
          projectId: true,
          createdBy: { select: { username: true, displayName: true } },
          items: {
            select: {
              component: { select: { key: true } },
              artifact: {
                select: {
                  copies: {
                    where: absent,
                    select: {
                      id: true,
                      registryId: true,
                      cause: true,
                      endedAt: true,
                      createdAt: true,
                      goneSince: true,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  });
  const found = await Promise.all(
    stages.map(async ({ environment, release }): Promise<Waiting[]> => {
      const away = release.items
        .flatMap(({ component, artifact }) =>
          (artifact?.copies ?? []).map((copy) => ({ ...copy, component: component.key })),
        )
        .filter(({ registryId }) => registryId === environment.registryId)
        .map((copy) => ({ ...copy, since: (copy.goneSince ?? copy.endedAt ?? copy.createdAt).toISOString() }))
        .toSorted((a, b) => a.since.localeCompare(b.since));
      const [first] = away;
      if (first === undefined) return [];
      const facts = await environmentFacts(db, release.projectId, { id: environment.id });
      if (!mayDeploy(actor.rights, release.projectId, facts, now)) return [];
      return [
        {
          kind: "copy_failed",
          projectId: release.projectId,
          release: release.number,
          title: release.title,
          components: [...new Set(away.map(({ component }) => component))],
          environment: environment.key,
          person: release.createdBy,
          since: first.since,
          planDigest: null,
          deployment: null,
          build: null,
          approval: null,
          cause: copyCauseSchema.nullable().catch(null).parse(first.cause),
          copies: away.map(({ id }) => id),
        },
      ];
    }),
  );
  return found.flat();
}
