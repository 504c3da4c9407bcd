import { type Actor, forbidden, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { imagesToKeep } from "./facts.ts";
import { retentionRules, tagsOf } from "./retention.ts";
import type { KeptRetentionDto } from "./schema.ts";

/**
 * The rule that each project of each Harbor needs so that its retention deletes no kept image: worked out now. Whoever
 * does not see every project gets none, as a rule for a part would let the rest be deleted.
 * @throws AppError FORBIDDEN
 */
export async function keptRetention(actor: Actor): Promise<KeptRetentionDto> {
  if (readableProjects(actor) !== null) throw forbidden("audit.read");
  const [registries, all] = await Promise.all([
    db.registry.findMany({ where: { kind: "harbor" }, orderBy: { key: "asc" } }),
    imagesToKeep(),
  ]);
  const built = await db.artifact.findMany({
    where: { digest: { in: [...new Set(all.map(({ digest }) => digest))] } },
    select: { image: true, digest: true },
  });
  const items = registries.flatMap(({ id, key, name }) => {
    const kept = all.filter(({ registryId }) => registryId === id);
    return retentionRules(kept, tagsOf(built)).map((rule) => ({
      registry: key,
      registryName: name,
      ...rule,
    }));
  });
  return { items, nextCursor: null };
}
