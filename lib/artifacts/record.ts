import type { Tx } from "#lib/db.ts";
import { enqueue } from "#lib/queue/enqueue.ts";

export type NewArtifact = {
  image: string;
  repository: string;
  digest: string;
  commit: string;
  sizeBytes: number | null;
  source: "build" | "registry" | "person";
};

/** Records what came of a build, inside the transaction that ends it; the registry is asked about it next. */
export async function recordArtifact(
  tx: Tx,
  artifact: NewArtifact,
  of: { itemId: string; buildId: string },
): Promise<void> {
  const { id } = await tx.artifact.create({ data: { ...artifact, ...of }, select: { id: true } });
  await sendInspection(tx, id);
}

/** Has every registry asked that an image is in; one waiting job per artifact. */
export const sendInspection = (tx: Tx, artifactId: string): Promise<void> =>
  enqueue(tx, "artifact.inspect", { artifactId }, { key: `artifact:${artifactId}` });
