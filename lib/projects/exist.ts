import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";

/** A key that is mistyped in a list of projects would close a thing to everybody without a word. @throws AppError INVALID_INPUT */
export async function assertProjects(tx: Tx, keys: readonly string[]): Promise<void> {
  const known = await tx.project.findMany({ where: { key: { in: [...keys] } }, select: { key: true } });
  const missing = keys.filter((key) => !known.some((project) => project.key === key));
  if (missing.length > 0) throw new AppError("INVALID_INPUT", `no project ${missing.join(", ")}`);
}
