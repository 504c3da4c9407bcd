import { z } from "zod";
import { db } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { promotedImage, registryHost } from "#lib/image-copies/reference.ts";
import { isLost } from "#lib/image-copies/state.ts";
import { parseImage } from "#lib/plans/image-name.ts";
import { registryOfImage } from "#lib/plans/image-registry.ts";
import { REGISTRY_KINDS } from "#lib/registries/schema.ts";
import {
  artifactContentSchema,
  artifactEvidenceSchema,
  artifactScanSchema,
  inspectProblemSchema,
} from "./content.ts";
import type { ArtifactRegistryDto } from "./schema.ts";

const kindSchema = z.enum(REGISTRY_KINDS);
const registrySelect = {
  key: true,
  name: true,
  kind: true,
  url: true,
  environments: { orderBy: { rank: "asc" }, select: { key: true } },
} satisfies Prisma.RegistrySelect;
type RegistryRow = Prisma.RegistryGetPayload<{ select: typeof registrySelect }>;

/** Of an artifact: what its registries said. */
export const registriesInclude = {
  copies: {
    where: { state: "copied" },
    orderBy: { id: "asc" },
    include: { registry: { select: registrySelect } },
  },
} satisfies Prisma.ArtifactInclude;
type Row = Prisma.ArtifactGetPayload<{ include: typeof registriesInclude }>;

type Said = { evidence: unknown; scan: unknown; inspectedAt: Date | null; inspectProblem: unknown };

const toDto = (
  { key, name, kind, environments }: RegistryRow,
  said: Said,
  own: Pick<ArtifactRegistryDto, "image" | "built" | "goneSince" | "lostCopy">,
): ArtifactRegistryDto => ({
  key,
  name,
  kind: kindSchema.parse(kind),
  environments: environments.map((environment) => environment.key),
  evidence: artifactEvidenceSchema.nullable().parse(said.evidence),
  scan: artifactScanSchema.nullable().parse(said.scan),
  inspectedAt: said.inspectedAt?.toISOString() ?? null,
  inspectProblem: inspectProblemSchema.nullable().parse(said.inspectProblem),
  ...own,
});

/**
 * What each registry says of an artifact that has it: the one that it was built into, then those it was copied to.
 * @param component its registry is meant where the image's host is nobody's
 */
export async function registriesOf(
  row: Row,
  component: { registryId: string },
  /** May have what is lost copied again. */
  mayCopy: boolean,
): Promise<ArtifactRegistryDto[]> {
  const { image, copies } = row;
  const id = await registryOfImage(db, image, component.registryId);
  const built = await db.registry.findUniqueOrThrow({ where: { id }, select: registrySelect });
  // An environment whose own registry is at the address that it was built into deploys what was built.
  const { host } = parseImage(image);
  const goneSince = artifactContentSchema.nullable().parse(row.content)?.goneSince ?? null;
  return [
    toDto(built, row, { image, built: true, goneSince, lostCopy: null }),
    ...copies
      .filter(({ registry }) => registryHost(registry.url) !== host)
      .map((copy) =>
        toDto(copy.registry, copy, {
          image: promotedImage(image, { host: registryHost(copy.registry.url) }),
          built: false,
          goneSince: copy.goneSince?.toISOString() ?? null,
          lostCopy: mayCopy && isLost(copy) ? copy.id : null,
        }),
      ),
  ];
}
