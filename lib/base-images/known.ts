import { z } from "zod";
import type { Tx } from "#lib/db.ts";
import type { KnownVersion } from "./match.ts";

/** `BaseImageVersion.otherLayers` */
const otherLayersSchema = z.array(z.array(z.string()));

const select = {
  id: true,
  baseImageId: true,
  digest: true,
  layers: true,
  otherLayers: true,
  createdAt: true,
  seenAt: true,
} as const;

export type StoredVersion = KnownVersion & { baseImageId: string; createdAt: Date | null };

/** Every version that was ever seen, the latest first. */
export async function knownVersions(tx: Tx): Promise<StoredVersion[]> {
  const rows = await tx.baseImageVersion.findMany({ select, orderBy: [{ seenAt: "desc" }, { id: "desc" }] });
  return rows.map(({ layers, otherLayers, ...row }) => ({
    ...row,
    layers: [layers, ...otherLayersSchema.parse(otherLayers)],
  }));
}
