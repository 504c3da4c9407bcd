import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type BuildServerDto, buildServerSchema, serverFindingSchema } from "./schema.ts";

/** Registered build servers by key; tokens stay behind. Admins only. */
export async function listBuildServers(actor: Actor): Promise<{ items: BuildServerDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const rows = await db.buildServer.findMany({
    orderBy: { key: "asc" },
    omit: { tokenEncrypted: true },
    include: { _count: { select: { components: true } } },
  });
  const items = rows.map((row) => ({
    key: row.key,
    name: row.name,
    url: row.url,
    username: row.username,
    credentialKind: buildServerSchema.shape.credentialKind.parse(row.credentialKind),
    jobName: row.jobName,
    labels: row.labels,
    projects: row.projects,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    findings: z.array(serverFindingSchema).catch([]).parse(row.checkResult),
    components: row._count.components,
    version: row.version,
  }));
  return { items, nextCursor: null };
}

/** One build server. Admins only. @throws AppError FORBIDDEN; NOT_FOUND */
export async function readBuildServer(actor: Actor, key: string): Promise<BuildServerDto> {
  const row = (await listBuildServers(actor)).items.find((server) => server.key === key);
  if (!row) throw new AppError("NOT_FOUND", `no build server ${key}`);
  return row;
}
