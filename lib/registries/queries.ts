import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { type RegistryDto, registrySchema } from "./schema.ts";

/** Registered image registries by key, with what their last check found; passwords stay behind. Admins only. */
export async function listRegistries(actor: Actor): Promise<{ items: RegistryDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const rows = await db.registry.findMany({
    orderBy: { key: "asc" },
    include: { _count: { select: { components: true } } },
  });
  return {
    items: rows.map((row) => ({
      key: row.key,
      name: row.name,
      url: row.url,
      kind: registrySchema.shape.kind.parse(row.kind),
      username: row.username,
      checkedAt: row.checkedAt?.toISOString() ?? null,
      findings: registrySchema.shape.findings.parse(row.checkResult ?? []),
      components: row._count.components,
      version: row.version,
    })),
    nextCursor: null,
  };
}
