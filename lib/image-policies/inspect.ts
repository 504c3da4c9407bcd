import { sendInspection } from "#lib/artifacts/record.ts";
import type { Tx } from "#lib/db.ts";
import type { ImageFinding } from "./schema.ts";

/** Findings that only say that nobody knows, or knew long ago. */
const UNKNOWN: readonly string[] = ["not_inspected", "old"];

/** Has the images of a release order inspected of which a policy says that what is known does not count. */
export async function askInspections(
  tx: Tx,
  input: { releaseId: string; findings: readonly ImageFinding[] },
): Promise<void> {
  const unknown = input.findings.filter(({ reason }) => UNKNOWN.includes(reason));
  if (unknown.length === 0) return;
  const artifacts = await tx.artifact.findMany({
    where: {
      item: {
        releaseId: input.releaseId,
        component: { key: { in: unknown.map(({ component }) => component) } },
      },
    },
    select: { id: true },
  });
  for (const { id } of artifacts) await sendInspection(tx, id);
}
