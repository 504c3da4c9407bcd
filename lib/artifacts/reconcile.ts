import { baseOf } from "#lib/base-images/assign.ts";
import { canonicalJson } from "#lib/canonical-json.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db, type Tx } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { isBelieved } from "#lib/image-policies/findings.ts";
import type { Again } from "#lib/queue/looks.ts";
import { activeKeys } from "#lib/signing-keys/queries.ts";
import { databaseTime, NOW } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { artifactContentSchema, type InspectProblem } from "./content.ts";
import { parseImage } from "./image.ts";
import { inspectImage } from "./inspect.ts";

/** A scan that runs is asked after again soon while its image is new, since somebody waits for it; seconds. */
const SCAN_SECONDS = { soonest: 2, latest: 60, ofAge: 0.25 };
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
      createdAt: true,
      content: true,
      evidence: true,
      scan: true,
      inspectedAt: true,
      baseVersionId: true,
      item: {
        select: {
          component: { select: { registryId: true } },
          release: { select: { number: true, project: { select: { key: true } } } },
        },
      },
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
    const baseVersionId = await baseOf(db, content);
    await transaction(async (tx) => {
      await tx.artifact.updateMany({
        where: { id: artifactId },
        data: {
          content,
          baseVersionId,
          ...(found ? { evidence: found.evidence, scan: found.scan ?? Prisma.DbNull } : {}),
          inspectedAt: now,
          inspectProblem: Prisma.DbNull,
        },
      });
      const after = { ...(found ?? artifact), baseVersionId };
      if (saysAnew(artifact, after, now)) await tellInspected(tx, artifactId, artifact.item.release);
    });
    return found?.scan?.state === "running" ? untilScanned(artifact.createdAt, now) : null;
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

function untilScanned(createdAt: Date, now: Date): number {
  const age = (now.getTime() - createdAt.getTime()) / 1000;
  return Math.min(SCAN_SECONDS.latest, Math.max(SCAN_SECONDS.soonest, age * SCAN_SECONDS.ofAge));
}

type Said = { evidence: unknown; scan: unknown; baseVersionId: string | null };

/** Whether a policy may judge an image otherwise than before: what is known of it is new, or counts again. Pure. */
function saysAnew(before: Said & { inspectedAt: Date | null }, after: Said, now: Date): boolean {
  if (!before.inspectedAt || !isBelieved(before.inspectedAt, now)) return true;
  const said = ({ evidence, scan, baseVersionId }: Said) => canonicalJson({ evidence, scan, baseVersionId });
  return said(before) !== said(after);
}

const tellInspected = (tx: Tx, artifact: string, release: { number: string; project: { key: string } }) =>
  emit(tx, {
    topics: [`release:${release.number}`],
    type: "artifact.inspected",
    data: { artifact, release: release.number, project: release.project.key },
  });

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
