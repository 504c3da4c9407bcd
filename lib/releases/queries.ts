import { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { toPage } from "#lib/http/page.ts";
import { abortedReleases } from "./aborted.ts";
import { describeActions, OPEN_DEPLOYMENTS } from "./actions.ts";
import { nextSteps } from "./next.ts";
import { originOf, originSelect } from "./origin.ts";
import type { ReleaseDto, ReleaseSummaryDto, releaseQuerySchema } from "./schema.ts";
import { summarySelect, toSummary } from "./select.ts";
import { describeDeployments, describeStages } from "./stages.ts";

const kindSchema = z.enum(["open", "controlled"]);

/** The row behind a number, for someone who may read its project. @throws AppError NOT_FOUND */
export async function readRelease(actor: Actor, number: string) {
  const release = await db.release.findUnique({
    relationLoadStrategy: "join",
    where: { number },
    select: {
      id: true,
      number: true,
      state: true,
      version: true,
      project: { select: { id: true, key: true } },
    },
  });
  if (!release || !can(actor.rights, "project.read", release.project.id)) {
    throw new AppError("NOT_FOUND", `no release ${number}`);
  }
  return release;
}

/** Release orders that the actor may read, newest first. */
export async function listReleases(
  actor: Actor,
  query: z.infer<typeof releaseQuerySchema>,
): Promise<{ items: ReleaseSummaryDto[]; nextCursor: string | null }> {
  const projects = readableProjects(actor);
  const cursor = query.cursor ? z.uuid().safeParse(query.cursor) : undefined;
  if (cursor && !cursor.success) throw new AppError("INVALID_INPUT", "not a cursor of this list");
  const rows = await db.release.findMany({
    where: {
      ...(projects ? { projectId: { in: projects } } : {}),
      ...(query.project ? { project: { key: query.project } } : {}),
      ...(await stateFilter(actor, projects, query)),
      ...(query.mine ? { createdById: actor.id } : {}),
      ...(query.component ? { items: { some: { component: { key: query.component } } } } : {}),
      ...(query.q
        ? {
            OR: [
              { number: { startsWith: query.q } },
              { title: { contains: query.q, mode: "insensitive" as const } },
            ],
          }
        : {}),
      ...(cursor ? { AND: { id: { lt: cursor.data } } } : {}),
    },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select: summarySelect,
  });
  const page = toPage(rows, query.limit, ({ id }) => id);
  return { ...page, items: page.items.map((row) => toSummary(row)) };
}

/** A state as it is shown is a state of the machine, and for a build that did not come to an end how it ended. */
async function stateFilter(
  actor: Actor,
  projects: string[] | null,
  { state, project, mine }: z.infer<typeof releaseQuerySchema>,
): Promise<Prisma.ReleaseWhereInput> {
  if (state !== "build_failed" && state !== "build_aborted") return state ? { state } : {};
  const aborted = await abortedReleases({ projects, project, creator: mine ? actor : null });
  return { state: "build_failed", id: state === "build_aborted" ? { in: aborted } : { notIn: aborted } };
}

/** @throws AppError NOT_FOUND */
export async function getRelease(actor: Actor, number: string): Promise<ReleaseDto> {
  const { id, project } = await readRelease(actor, number);
  const [row, deployments] = await Promise.all([
    db.release.findUniqueOrThrow({
      where: { id },
      select: { ...summarySelect, ...originSelect, description: true, version: true },
    }),
    describeDeployments(id),
  ]);
  const summary = toSummary(row);
  const { stages, approvalsGiven } = await describeStages(actor, {
    id,
    number,
    shown: summary.shown,
    projectId: project.id,
    deployments,
  });
  const openDeployments = deployments.filter(({ state }) => OPEN_DEPLOYMENTS.some((open) => open === state));
  return {
    ...summary,
    description: row.description,
    version: row.version,
    origin: originOf(actor, row),
    stages,
    deployments,
    actions: describeActions(actor, { state: summary.state, projectId: project.id, openDeployments }),
    next: nextSteps({
      state: summary.state,
      stages: stages.map((stage) => {
        const { reservation } = stage;
        return {
          ...stage,
          environmentKind: kindSchema.parse(stage.environmentKind),
          approvalsGiven: approvalsGiven.get(stage.environment) ?? 0,
          heldByOther:
            reservation && reservation.release !== number
              ? { release: reservation.release, ...reservation.heldBy }
              : null,
        };
      }),
    }),
  };
}
