import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { type ClusterDto, findingSchema } from "./schema.ts";

/** Registered clusters by key; credentials stay behind. Admins only. */
export async function listClusters(actor: Actor): Promise<{ items: ClusterDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const rows = await db.cluster.findMany({
    orderBy: { key: "asc" },
    include: { _count: { select: { targets: true } } },
  });
  return {
    items: rows.map((row) => ({
      key: row.key,
      name: row.name,
      server: row.server,
      hasCredential: row.credentialEncrypted !== null,
      checkedAt: row.checkedAt?.toISOString() ?? null,
      findings: z.array(findingSchema).catch([]).parse(row.checkResult),
      targets: row._count.targets,
      version: row.version,
    })),
    nextCursor: null,
  };
}
