import { type ArtifactContent, artifactContentSchema } from "#lib/artifacts/content.ts";
import type { Tx } from "#lib/db.ts";
import { knownVersions } from "./known.ts";
import { type KnownVersion, matchBase } from "./match.ts";

/** Where builders write down which base they took. */
const BASE_DIGEST = "org.opencontainers.image.base.digest";

const baseIn = (content: ArtifactContent, versions: readonly KnownVersion[]): string | null => {
  const diffIds = content.layers.map(({ diffId }) => diffId);
  return matchBase(diffIds, versions, content.labels[BASE_DIGEST])?.version.id ?? null;
};

/** The base version that an image with this content sits on, as far as bases are known. */
export const baseOf = async (tx: Tx, content: ArtifactContent): Promise<string | null> =>
  baseIn(content, await knownVersions(tx));

/** Looks again at the artifacts that may sit on a version that was not known before. */
export async function assignTo(tx: Tx, versionId: string): Promise<void> {
  const versions = await knownVersions(tx);
  const layers = versions.find(({ id }) => id === versionId)?.layers ?? [];
  for (const list of layers) {
    const last = list.at(-1);
    if (last === undefined) continue;
    // Whatever begins with these layers has the last of them in this place.
    const candidates = await tx.$queryRaw<{ id: string; baseVersionId: string | null; content: unknown }[]>`
      SELECT id, "baseVersionId", content FROM "Artifact"
      WHERE content->'layers'->${list.length - 1}::int->>'diffId' = ${last}`;
    for (const { id, baseVersionId, content } of candidates) {
      const found = baseIn(artifactContentSchema.parse(content), versions);
      if (found !== baseVersionId)
        await tx.artifact.update({ where: { id }, data: { baseVersionId: found } });
    }
  }
}
