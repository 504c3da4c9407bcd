import type { Tx } from "#lib/db.ts";

/**
 * Makes people who flow releases of one project line up: entering, verdicts and queues touch rows of each other's
 * releases, and would meet crosswise otherwise. Taken first, before the release's row. Inserts that point to the
 * project go on meanwhile.
 */
export async function lockFlow(tx: Tx, projectId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "Project" WHERE id = ${projectId}::uuid FOR NO KEY UPDATE`;
}
