import type { Tx } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { registryOfImage } from "#lib/plans/image-registry.ts";
import { artifactContentSchema, type InspectProblem } from "./content.ts";
import { parseImage } from "./image.ts";
import type { Inspected } from "./inspect.ts";

/** Of an artifact: what has to be known to ask every registry that has it. */
export const placesSelect = {
  id: true,
  image: true,
  digest: true,
  createdAt: true,
  content: true,
  evidence: true,
  scan: true,
  inspectedAt: true,
  baseVersionId: true,
  copies: {
    where: { state: "copied" },
    orderBy: { id: "asc" },
    select: {
      id: true,
      registryId: true,
      repository: true,
      digest: true,
      evidence: true,
      scan: true,
      inspectedAt: true,
      goneSince: true,
    },
  },
  item: {
    select: {
      component: { select: { registryId: true } },
      release: { select: { number: true, project: { select: { key: true } } } },
    },
  },
} satisfies Prisma.ArtifactSelect;
type ArtifactRow = Prisma.ArtifactGetPayload<{ select: typeof placesSelect }>;

/** One registry that has an artifact's image, and where what it says is written down. */
export type Place = {
  registryId: string;
  /** As the registry calls the repository. */
  path: string;
  digest: string;
  before: { evidence: unknown; scan: unknown; inspectedAt: Date | null };
  content: unknown;
  /** Writes down what it said; nothing when somebody asked for another copy meanwhile. */
  save: (tx: Tx, said: Inspected, baseVersionId: string | null, now: Date) => Promise<unknown>;
  /** Writes down why it could not be asked. */
  fail: (tx: Tx, inspectProblem: InspectProblem) => Promise<unknown>;
};

const answersOf = ({ found }: Inspected) =>
  found ? { evidence: found.evidence, scan: found.scan ?? Prisma.DbNull } : {};

/** The registry that an image was built into, then those that it was copied to. */
export async function placesOf(tx: Tx, artifact: ArtifactRow): Promise<Place[]> {
  const { id, image, digest, copies } = artifact;
  const built: Place = {
    registryId: await registryOfImage(tx, image, artifact.item.component.registryId),
    path: parseImage(image).path,
    digest,
    before: artifact,
    content: artifact.content,
    save: (tx, said, baseVersionId, inspectedAt) =>
      tx.artifact.updateMany({
        where: { id, digest },
        data: {
          content: said.content,
          baseVersionId,
          ...answersOf(said),
          inspectedAt,
          inspectProblem: Prisma.DbNull,
        },
      }),
    fail: (tx, inspectProblem) => tx.artifact.updateMany({ where: { id }, data: { inspectProblem } }),
  };
  return [
    built,
    ...copies.map((copy): Place => {
      const where = { id: copy.id, state: "copied", digest: copy.digest };
      const goneSince = copy.goneSince?.toISOString() ?? null;
      const known = artifactContentSchema.nullable().parse(artifact.content);
      return {
        registryId: copy.registryId,
        path: copy.repository,
        digest: copy.digest,
        before: copy,
        // The same bytes have the same layers; only whether they are still there is this registry's own.
        content: known && { ...known, goneSince },
        save: (tx, said, _, inspectedAt) =>
          tx.imageCopy.updateMany({
            where,
            data: {
              ...answersOf(said),
              goneSince: said.content.goneSince,
              inspectedAt,
              inspectProblem: Prisma.DbNull,
            },
          }),
        fail: (tx, inspectProblem) => tx.imageCopy.updateMany({ where, data: { inspectProblem } }),
      };
    }),
  ];
}
