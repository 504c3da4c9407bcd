import type { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { itemBuild, itemBuildSelect } from "#lib/releases/select.ts";
import type { openBuildsSchema } from "./schema.ts";

const MOST = 50;

/**
 * Builds that wait or run in the reader's own projects (of someone without any: in all that they may read), those that
 * run first, then in the order in which they were asked for; fifty at most.
 */
export async function listOpenBuilds(actor: Actor): Promise<z.infer<typeof openBuildsSchema>> {
  const mine = Object.keys(actor.rights.projectRoles);
  const projects = mine.length > 0 ? mine : readableProjects(actor);
  const where = {
    state: { in: ["queued", "running"] },
    ...(projects ? { item: { component: { projectId: { in: projects } } } } : {}),
  };
  const [rows, total] = await Promise.all([
    db.build.findMany({
      relationLoadStrategy: "join",
      where,
      orderBy: [{ state: "desc" }, { id: "asc" }],
      take: MOST,
      select: {
        ...itemBuildSelect,
        item: {
          select: {
            component: { select: { key: true, name: true } },
            release: {
              select: { number: true, title: true, project: { select: { key: true, name: true } } },
            },
          },
        },
      },
    }),
    db.build.count({ where }),
  ]);
  const now = new Date();
  return {
    items: rows.map(({ item, ...build }) => ({
      ...itemBuild(build, now),
      component: item.component.key,
      componentName: item.component.name,
      release: item.release.number,
      releaseTitle: item.release.title,
      project: item.release.project.key,
      projectName: item.release.project.name,
    })),
    total,
    nextCursor: null,
  };
}
