/** A version of a base image by its layers: digests of them uncompressed, in order; of an index one list a platform. */
export type KnownVersion = { id: string; digest: string; layers: string[][]; seenAt: Date };
export type BaseMatch<Version> = { version: Version; layers: number };

/**
 * The base version that an image was built on: the one whose layers it begins with, the most of them. Where two say the
 * same, `named` (the digest that the image's builder wrote down) decides, then which was seen last. Pure.
 * @param diffIds of the image, in order; null where it does not say
 */
export function matchBase<Version extends KnownVersion>(
  diffIds: readonly (string | null)[],
  versions: readonly Version[],
  named?: string,
): BaseMatch<Version> | null {
  const found = versions.flatMap((version) => {
    const lengths = version.layers
      .filter((layers) => beginsWith(diffIds, layers))
      .map(({ length }) => length);
    return lengths.length === 0 ? [] : [{ version, layers: Math.max(...lengths) }];
  });
  const isNamed = ({ version }: BaseMatch<Version>) => Number(version.digest === named);
  return (
    found.sort(
      (a, b) =>
        b.layers - a.layers ||
        isNamed(b) - isNamed(a) ||
        b.version.seenAt.getTime() - a.version.seenAt.getTime(),
    )[0] ?? null
  );
}

const beginsWith = (diffIds: readonly (string | null)[], layers: readonly string[]) =>
  layers.length > 0 &&
  layers.length <= diffIds.length &&
  layers.every((layer, index) => layer === diffIds[index]);
