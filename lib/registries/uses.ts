import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import type { RegistryDto } from "./schema.ts";

export type RegistryUses = RegistryDto["uses"];
/** Names that a blocker lists; the count says how many there are. */
const NAMED = 5;

/**
 * What needs a registry: components that push there, environments that deploy from it, bases that are watched there,
 * images that no cleanup may delete, and policies that name it.
 */
export async function usesOf(tx: Tx, registry: { id: string; key: string }): Promise<RegistryUses> {
  const { id: registryId, key } = registry;
  const [components, environments, bases, keptImages, policies] = await Promise.all([
    tx.component.findMany({
      where: { registryId },
      orderBy: [{ project: { key: "asc" } }, { key: "asc" }],
      select: { key: true, project: { select: { key: true } } },
    }),
    tx.environment.findMany({ where: { registryId }, orderBy: { rank: "asc" }, select: { key: true } }),
    tx.baseImage.findMany({ where: { registryId }, orderBy: { key: "asc" }, select: { key: true } }),
    tx.keptImage.count({ where: { registryId, endedAt: null } }),
    tx.imagePolicy.findMany({
      where: { allowedRegistries: { has: key } },
      orderBy: { environment: { rank: "asc" } },
      select: { environment: { select: { key: true } } },
    }),
  ]);
  return {
    components: components.map((one) => `${one.project.key}/${one.key}`),
    environments: environments.map((one) => one.key),
    bases: bases.map((one) => one.key),
    keptImages,
    policies: policies.map((one) => one.environment.key),
  };
}

const CODES = {
  components: "REGISTRY_OF_COMPONENTS",
  environments: "REGISTRY_OF_ENVIRONMENTS",
  bases: "REGISTRY_OF_BASES",
  policies: "REGISTRY_IN_POLICIES",
} as const;

/** Why a registry cannot be forgotten; everything at once. Pure. */
export function useBlockers(uses: RegistryUses): Blocker[] {
  const liftedBy = ["admin"];
  const named = (["components", "environments", "bases", "policies"] as const).flatMap((of): Blocker[] => {
    const names = uses[of];
    if (names.length === 0) return [];
    const shown = `${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? ", …" : ""}`;
    const facts = { count: names.length, names: shown };
    return [{ code: CODES[of], message: `it is used by ${of}: ${shown}`, facts, liftedBy }];
  });
  const { keptImages: count } = uses;
  if (count === 0) return named;
  const message = `it holds ${count} images that run somewhere or that a rollback needs`;
  return [...named, { code: "REGISTRY_KEEPS_IMAGES", message, facts: { count }, liftedBy: ["system"] }];
}
