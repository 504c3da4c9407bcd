import { db } from "#lib/db.ts";

/** Every base image by key, as a choice shows it. */
export const baseNames = (): Promise<{ key: string; name: string }[]> =>
  db.baseImage.findMany({ orderBy: { key: "asc" }, select: { key: true, name: true } });
