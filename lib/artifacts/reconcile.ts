import { baseOf } from "#lib/base-images/assign.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { Again } from "#lib/queue/looks.ts";
import { activeKeys } from "#lib/signing-keys/queries.ts";
import { databaseTime, NOW } from "#lib/stages/time.ts";
import { artifactContentSchema, type InspectProblem } from "./content.ts";
import { parseImage } from "./image.ts";
import { inspectImage } from "./inspect.ts";

/** How soon a scan that runs is asked after again, seconds. */
const SCAN_SECONDS = 20;
/** Artifacts that one sweep sends: a whole history is gone through in the course of a day. */
const AT_ONCE = 20;

/**
 * One look at what the registry says of an artifact. What cannot be asked is told on the artifact beside what was known
 * before; the sweep asks again later.
 */
export async function handleInspectJob(artifactId: string, signal: AbortSignal): Promise<Again> {
  const artifact = await db.artifact.findUnique({
    where: { id: artifactId },
    select: {
      image: true,
      digest: true,
      content: true,
      item: { select: { component: { select: { registryId: true } } } },
    },
  });
  if (!artifact) return null;
  // Before the keys are read: one that changes meanwhile makes it due again.
  const now = await databaseTime(db);
  try {
    const { content, found } = await inspectImage({
      registry: await connectRegistry(artifact.item.component.registryId),
      image: { path: parseImage(artifact.image).path, digest: artifact.digest },
      keys: await activeKeys(),
      before: artifactContentSchema.nullable().parse(artifact.content),
      now,
      signal,
    });
    await db.artifact.updateMany({
      where: { id: artifactId },
      data: {
        content,
        baseVersionId: await baseOf(db, content),
        ...(found ? { evidence: found.evidence, scan: found.scan ?? Prisma.DbNull } : {}),
        inspectedAt: now,
        inspectProblem: Prisma.DbNull,
      },
    });
    return found?.scan?.state === "running" ? SCAN_SECONDS : null;
  } catch (error) {
    if (!(error instanceof AdapterError) || signal.aborted) throw error;
    const inspectProblem: InspectProblem = {
      failure: error.failure,
      message: error.message,
      at: now.toISOString(),
    };
    await db.artifact.updateMany({ where: { id: artifactId }, data: { inspectProblem } });
    return null;
  }
}

/**
 * Artifacts that are due for a look: never asked after, a day ago, before the last change of a signing key, or while the
 * scanner was at work; not those whose registry could not be asked a short while ago.
 */
export async function dueArtifacts(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM "Artifact"
    WHERE ("inspectProblem" IS NULL
        OR ("inspectProblem"->>'at')::timestamptz < ${NOW} - interval '10 minutes')
      AND ("inspectedAt" IS NULL
        OR "inspectedAt" < ${NOW} - interval '1 day'
        OR ("scan"->>'state' = 'running' AND "inspectedAt" < ${NOW} - interval '1 minute')
        OR "inspectedAt" < (SELECT max(greatest("createdAt", "revokedAt")) FROM "SigningKey"))
    ORDER BY "inspectedAt" NULLS FIRST, "createdAt" DESC LIMIT ${AT_ONCE}`;
  return rows.map(({ id }) => id);
}
