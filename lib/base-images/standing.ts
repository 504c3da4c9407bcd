import type { ReleaseState } from "#lib/releases/state.ts";
import type { StoredVersion } from "./known.ts";
import { matchBase } from "./match.ts";
import type { Placement } from "./placements.ts";
import type { BASE_STANDINGS } from "./schema.ts";

export type BaseFacts = { id: string; parentId: string | null; digest: string | null };
/** A release order that was raised to build a component on a base version and was not abandoned. */
export type Rebuild = { baseVersionId: string; componentId: string; release: string; state: ReleaseState };
export type Standing = (typeof BASE_STANDINGS)[number];

/** What the base's tag points to, where that was seen. */
export const currentVersion = (base: BaseFacts, versions: readonly StoredVersion[]) =>
  versions.find(({ baseImageId, digest }) => baseImageId === base.id && digest === base.digest) ?? null;

/** Which version of its parent a base was built on; null without a parent, or where none fits. Pure. */
export function builtOn(base: BaseFacts, parent: BaseFacts | undefined, versions: readonly StoredVersion[]) {
  const own = currentVersion(base, versions);
  if (!own || !parent) return null;
  const candidates = versions.filter(({ baseImageId }) => baseImageId === parent.id);
  const found = own.layers.map((layers) => matchBase(layers, candidates)).find((match) => match !== null);
  return found ? { digest: found.version.digest, current: found.version.digest === parent.digest } : null;
}

/**
 * Components that sit on a version of this base, with where each stands: by the image that a rebuild would start from,
 * not by what is still on its way out. Pure.
 */
export function componentsOn(
  base: BaseFacts,
  facts: {
    versions: readonly StoredVersion[];
    placements: readonly Placement[];
    rebuilds: readonly Rebuild[];
  },
) {
  const own = new Map(
    facts.versions.filter(({ baseImageId }) => baseImageId === base.id).map((one) => [one.id, one.digest]),
  );
  const digestOf = (versionId: string | null) => (versionId === null ? null : (own.get(versionId) ?? null));
  const current = currentVersion(base, facts.versions);
  const isBehind = (versionId: string | null) =>
    current !== null && versionId !== null && own.has(versionId) && versionId !== current.id;
  return facts.placements.flatMap((placement) => {
    const { source, places } = placement;
    if (![source, ...places].some(({ baseVersionId }) => digestOf(baseVersionId) !== null)) return [];
    const rebuild = facts.rebuilds.find(
      ({ componentId, baseVersionId }) =>
        componentId === placement.componentId && baseVersionId === current?.id,
    );
    const standing: Standing = !isBehind(source.baseVersionId)
      ? "current"
      : rebuild === undefined
        ? "behind"
        : "rebuilding";
    return [
      {
        placement,
        standing,
        rebuild: standing === "rebuilding" ? (rebuild?.release ?? null) : null,
        rebuildState: standing === "rebuilding" ? (rebuild?.state ?? null) : null,
        sourceBase: digestOf(source.baseVersionId),
        places: places.map((place) => ({
          place,
          base: digestOf(place.baseVersionId),
          behind: isBehind(place.baseVersionId),
        })),
      },
    ];
  });
}
