import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { type RegistryDto, registrySchema } from "./schema.ts";
import { usesOf } from "./uses.ts";

/** Registered image registries by key, with what their last check found; passwords stay behind. Admins only. */
export async function listRegistries(actor: Actor): Promise<{ items: RegistryDto[]; nextCursor: null }> {
  requirePermission(actor, "platform.manage");
  const rows = await db.registry.findMany({ orderBy: { key: "asc" } });
  const toDto = async (row: (typeof rows)[number]): Promise<RegistryDto> => ({
    key: row.key,
    name: row.name,
    url: row.url,
    kind: registrySchema.shape.kind.parse(row.kind),
    username: row.username,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    findings: registrySchema.shape.findings.parse(row.checkResult ?? []),
    uses: await usesOf(db, row),
    version: row.version,
  });
  return { items: await Promise.all(rows.map(toDto)), nextCursor: null };
}
