import type { Actor } from "#lib/access/actor.ts";
import type { Tx } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { parseImage } from "#lib/plans/image-name.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { copyNamesSelect, noteCopy } from "./record.ts";
import { needsCopy, registryHost } from "./reference.ts";

/** Starts a copy from its beginning; what its registry said of it before is forgotten. */
export const AFRESH = {
  state: "queued",
  attempts: 0,
  sentBytes: 0,
  startedAt: null,
  endedAt: null,
  evidence: Prisma.DbNull,
  scan: Prisma.DbNull,
  inspectedAt: null,
  inspectProblem: Prisma.DbNull,
  goneSince: null,
} as const;

/** Queues the copying itself; one waiting job per copy. */
export const sendCopy = (tx: Tx, copyId: string): Promise<void> =>
  enqueue(tx, "image.copy", { copyId }, { key: `copy:${copyId}` });

/**
 * Has the images of a release order copied to the registry of an environment, as far as they are neither there nor on
 * their way. What failed waits for a person. In the caller's transaction; does nothing where the environment has none.
 * @param input.actor who let the release order in
 */
export async function askCopies(
  tx: Tx,
  input: { actor: Actor; releaseId: string; environmentId: string },
): Promise<void> {
  const { registry } = await tx.environment.findUniqueOrThrow({
    where: { id: input.environmentId },
    select: { registry: { select: { id: true, url: true } } },
  });
  if (!registry) return;
  const artifacts = await tx.artifact.findMany({
    where: { item: { releaseId: input.releaseId } },
    orderBy: { id: "asc" },
    select: { id: true, image: true, digest: true },
  });
  const host = registryHost(registry.url);
  const askedById = input.actor.id;
  for (const { id: artifactId, image, digest } of artifacts.filter((one) => needsCopy(one.image, { host }))) {
    const repository = parseImage(image).path;
    const place = { artifactId, registryId: registry.id };
    const { count: made } = await tx.imageCopy.createMany({
      data: [{ ...place, repository, digest, askedById }],
      // Another environment with the same registry may have asked in this moment.
      skipDuplicates: true,
    });
    const { count: changed } = await tx.imageCopy.updateMany({
      where: { ...place, NOT: { digest, repository } },
      data: { ...AFRESH, repository, digest, askedById },
    });
    if (made + changed === 0) continue;
    const copy = await tx.imageCopy.findUniqueOrThrow({
      where: { artifactId_registryId: place },
      select: copyNamesSelect,
    });
    await noteCopy(tx, input.actor, "ask", copy);
    await sendCopy(tx, copy.id);
  }
}
