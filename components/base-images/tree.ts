import type { BaseImageDto } from "#lib/base-images/schema.ts";

type Node = Pick<BaseImageDto, "key" | "parent">;

/** Bases with those that are built on them below each, and how deep. One whose parent is not there is at the top. Pure. */
export function treeOf<Base extends Node>(bases: readonly Base[]): { base: Base; depth: number }[] {
  const rows: { base: Base; depth: number }[] = [];
  const known = new Set(bases.map(({ key }) => key));
  const below = (parent: string | null, depth: number) => {
    for (const base of bases) {
      const at = base.parent !== null && known.has(base.parent) ? base.parent : null;
      if (at !== parent || rows.some((row) => row.base === base)) continue;
      rows.push({ base, depth });
      below(base.key, depth + 1);
    }
  };
  below(null, 0);
  return rows;
}
