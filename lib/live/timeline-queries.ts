import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { newestByComponent } from "./newest.ts";
import { readLivePlace } from "./queries.ts";
import type { TimelineDto, timelineQuerySchema } from "./schema.ts";
import { lanesOf } from "./timeline.ts";

/** More deployments than this make no readable bar; the range is cut to the newest ones. */
const MOST = 400;
const DAY_MS = 86_400_000;
const ranSchema = planInputsSchema.pick({ images: true, sources: true });
const select = {
  id: true,
  kind: true,
  state: true,
  startedAt: true,
  endedAt: true,
  automaticFor: true,
  release: { select: { number: true, title: true } },
  createdBy: { select: { username: true, displayName: true } },
  plan: { select: { inputs: true } },
  targets: {
    select: {
      steps: {
        where: { name: { not: "dry_run" }, startedAt: { not: null } },
        take: 1,
        select: { id: true },
      },
    },
  },
} satisfies Prisma.DeploymentSelect;
type Row = Prisma.DeploymentGetPayload<{ select: typeof select }>;

/**
 * Which release orders ran in an environment in the last `days`, component by component, with the deployments that
 * made it so and those that did not succeed. @throws AppError NOT_FOUND
 */
export async function getTimeline(
  actor: Actor,
  place: { project: string; environment: string },
  { days }: z.output<typeof timelineQuerySchema>,
): Promise<TimelineDto> {
  const { project, environment } = await readLivePlace(actor, place);
  const to = await databaseTime(db);
  const where = { projectId: project.id, environmentId: environment.id };
  const wanted = new Date(to.getTime() - days * DAY_MS);
  const found = await db.deployment.findMany({
    where: { ...where, startedAt: { not: null }, OR: [{ endedAt: null }, { endedAt: { gt: wanted } }] },
    orderBy: { id: "desc" },
    take: MOST + 1,
    select,
  });
  const rows = found.slice(0, MOST);
  const cut = found.length > MOST;
  const oldest = rows.at(-1)?.startedAt;
  const from = cut && oldest ? oldest : wanted;
  const earlier = await newestByComponent({ ...where, state: "succeeded", endedAt: { lte: from } });
  const before = await db.deployment.findMany({
    where: { id: { in: [...new Set([...earlier.values()].map(({ id }) => id))] } },
    select,
  });
  const known = new Set(rows.map(({ id }) => id));
  const all = [...rows, ...before.filter(({ id }) => !known.has(id))].flatMap(ranOf);
  const lanes = lanesOf(
    all.map(({ ran }) => ran),
    from,
  );
  const shown = new Set(
    lanes.flatMap(({ spans, attempts }) => [...spans, ...attempts].map(({ deployment }) => deployment)),
  );
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    cut,
    deployments: all.flatMap(({ ran, dto }) => (shown.has(ran.id) ? [dto] : [])),
    lanes,
  };
}

function ranOf(row: Row) {
  const { id, kind, state, startedAt, endedAt, release } = row;
  if (!startedAt) return [];
  const { images, sources } = ranSchema.parse(row.plan.inputs);
  const from = new Map(sources.map((source) => [source.component, source.release]));
  const ran = {
    id,
    state,
    startedAt,
    endedAt,
    touched: row.targets.some(({ steps }) => steps.length > 0),
    components: images.map(({ component }) => ({
      component,
      release: from.get(component) ?? release.number,
    })),
  };
  const dto = {
    id,
    kind,
    state,
    automatic: row.automaticFor !== null,
    release: release.number,
    title: release.title,
    by: row.createdBy,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
  return [{ ran, dto }];
}
