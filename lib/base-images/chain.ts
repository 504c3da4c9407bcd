import type { ArtifactContent } from "#lib/artifacts/content.ts";
import { db } from "#lib/db.ts";
import { knownVersions, type StoredVersion } from "./known.ts";
import { matchBase } from "./match.ts";

type Base = { id: string; key: string; name: string; parentId: string | null; digest: string | null };
/** A base that an image stands on: how many of its layers, from the bottom, are that base's. */
export type BaseLink = {
  key: string;
  name: string;
  /** Of the version that it stands on. */
  digest: string;
  layers: number;
  /** The base's tag points elsewhere by now. */
  behind: boolean;
};

/** The bases below an image with the version `versionId`, the lowest first, as far as layers show it. Pure. */
export function chainOf(
  versionId: string,
  diffIds: readonly (string | null)[],
  known: { bases: readonly Base[]; versions: readonly StoredVersion[] },
): BaseLink[] {
  const links: BaseLink[] = [];
  let candidates = known.versions.filter(({ id }) => id === versionId);
  for (let rest = diffIds; links.length < known.bases.length; ) {
    const match = matchBase(rest, candidates);
    const base = known.bases.find(({ id }) => id === match?.version.baseImageId);
    if (!match || !base) break;
    const { digest } = match.version;
    const behind = base.digest !== null && base.digest !== digest;
    links.unshift({ key: base.key, name: base.name, digest, layers: match.layers, behind });
    rest = rest.slice(0, match.layers);
    candidates = known.versions.filter(({ baseImageId }) => baseImageId === base.parentId);
  }
  return links;
}

/** The bases below an artifact; none while it was not looked at, or sits on no known base. */
export async function readChain(
  versionId: string | null,
  content: ArtifactContent | null,
): Promise<BaseLink[]> {
  if (versionId === null || content === null) return [];
  const [bases, versions] = await Promise.all([
    db.baseImage.findMany({ select: { id: true, key: true, name: true, parentId: true, digest: true } }),
    knownVersions(db),
  ]);
  const diffIds = content.layers.map(({ diffId }) => diffId);
  return chainOf(versionId, diffIds, { bases, versions });
}
