import type { z } from "zod";
import { type Actor, readableProjects, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { toPage } from "#lib/http/page.ts";
import { storedPatterns } from "#lib/tickets/queries.ts";
import type { ProjectDetailDto, ProjectDto, projectQuerySchema } from "./schema.ts";

const summary = {
  id: true,
  key: true,
  name: true,
  description: true,
  version: true,
  environments: {
    select: {
      developersMayDeploy: true,
      environment: { select: { key: true, name: true, rank: true, kind: true } },
    },
    orderBy: { environment: { rank: "asc" as const } },
  },
  _count: { select: { components: { where: { archivedAt: null } } } },
};

type Row = {
  id: string;
  key: string;
  name: string;
  description: string;
  version: number;
  environments: {
    developersMayDeploy: boolean;
    environment: { key: string; name: string; rank: number; kind: string };
  }[];
  _count: { components: number };
};

const toDto = (row: Row, actor: Actor): ProjectDto => ({
  key: row.key,
  name: row.name,
  description: row.description,
  version: row.version,
  environments: row.environments.map(({ environment, developersMayDeploy }) => ({
    ...environment,
    developersMayDeploy,
  })),
  components: row._count.components,
  roles: [...(actor.rights.projectRoles[row.id] ?? [])],
});

/** Projects that the actor may read, by key. */
export async function listProjects(actor: Actor, query: z.infer<typeof projectQuerySchema>) {
  const ids = readableProjects(actor);
  const rows = await db.project.findMany({
    where: {
      ...(ids ? { id: { in: ids } } : {}),
      ...(query.cursor ? { key: { gt: query.cursor } } : {}),
      ...(query.q
        ? {
            OR: [
              { key: { contains: query.q, mode: "insensitive" } },
              { name: { contains: query.q, mode: "insensitive" } },
            ],
          }
        : {}),
    },
    orderBy: { key: "asc" },
    take: query.limit + 1,
    select: summary,
  });
  const page = toPage(rows, query.limit, (row) => row.key);
  return { ...page, items: page.items.map((row) => toDto(row, actor)) };
}

/** The row behind a key, after the right to read it. @throws AppError NOT_FOUND */
export async function readProject(actor: Actor, key: string) {
  const project = await db.project.findUnique({
    where: { key },
    select: { id: true, key: true, name: true, version: true },
  });
  if (!project) throw new AppError("NOT_FOUND", `no project ${key}`);
  requirePermission(actor, "project.read", project.id);
  return project;
}

export async function getProject(actor: Actor, key: string): Promise<ProjectDetailDto> {
  const { id } = await readProject(actor, key);
  const row = await db.project.findUniqueOrThrow({
    where: { id },
    select: {
      ...summary,
      prometheusUrl: true,
      maxBuilds: true,
      supersedeQueuedBuilds: true,
      ticketPatterns: true,
      members: {
        select: { role: true, user: { select: { username: true, displayName: true, disabledAt: true } } },
        orderBy: { createdAt: "asc" },
      },
      grants: {
        where: { revokedAt: null, expiresAt: { gt: new Date() } },
        select: {
          id: true,
          reason: true,
          expiresAt: true,
          environment: { select: { key: true } },
          user: { select: { username: true, displayName: true } },
          grantedBy: { select: { username: true, displayName: true } },
        },
        orderBy: { expiresAt: "asc" },
      },
    },
  });
  const members = new Map<string, ProjectDetailDto["members"][number]>();
  for (const { role, user } of row.members) {
    const known = members.get(user.username);
    if (known) known.roles.push(role);
    else {
      members.set(user.username, {
        username: user.username,
        displayName: user.displayName,
        roles: [role],
        disabled: user.disabledAt !== null,
      });
    }
  }
  return {
    ...toDto(row, actor),
    members: [...members.values()],
    grants: row.grants.map((grant) => ({
      id: grant.id,
      person: grant.user,
      environment: grant.environment.key,
      reason: grant.reason,
      grantedBy: grant.grantedBy,
      expiresAt: grant.expiresAt.toISOString(),
    })),
    prometheusUrl: row.prometheusUrl,
    maxBuilds: row.maxBuilds,
    supersedeQueuedBuilds: row.supersedeQueuedBuilds,
    ticketPatterns: storedPatterns(row.ticketPatterns),
    mayManage: can(actor.rights, "project.manage", id),
    mayEditCatalog: can(actor.rights, "config.edit.open", id),
  };
}
