import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { readProject } from "#lib/projects/queries.ts";
import { type EnvironmentDto, environmentSchema } from "./schema.ts";

export const withRegistry = { registry: { select: { key: true } } } as const;

/** An environment as everybody may read it. */
export const environmentDto = (
  row: Prisma.EnvironmentGetPayload<{ include: typeof withRegistry }>,
): EnvironmentDto => environmentSchema.parse({ ...row, registry: row.registry?.key ?? null });

/** Every environment in order of rank; a handful, so there is one page. Anyone signed in may read them. */
export async function listEnvironments(): Promise<{ items: EnvironmentDto[]; nextCursor: null }> {
  const rows = await db.environment.findMany({ orderBy: { rank: "asc" }, include: withRegistry });
  return { items: rows.map(environmentDto), nextCursor: null };
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
