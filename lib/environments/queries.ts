import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { readProject } from "#lib/projects/queries.ts";
import { type EnvironmentDto, environmentSchema } from "./schema.ts";

/** Every environment in order of rank; a handful, so there is one page. Anyone signed in may read them. */
export async function listEnvironments(): Promise<{ items: EnvironmentDto[]; nextCursor: null }> {
  const rows = await db.environment.findMany({ orderBy: { rank: "asc" }, omit: { id: true } });
  return { items: rows.map((row) => environmentSchema.parse(row)), nextCursor: null };
}

export async function listTargets(actor: Actor, projectKey: string) {
  const project = await readProject(actor, projectKey);
  const rows = await db.target.findMany({
    where: { projectId: project.id },
    orderBy: [{ environment: { rank: "asc" } }, { wave: "asc" }, { namespace: "asc" }],
    select: {
      namespace: true,
      wave: true,
      createNamespace: true,
      environment: { select: { key: true } },
      cluster: { select: { key: true } },
    },
  });
  return {
    items: rows.map(({ environment, cluster, ...row }) => ({
      ...row,
      environment: environment.key,
      cluster: cluster.key,
    })),
    nextCursor: null,
  };
}
