import type { EvidenceKey } from "#lib/adapters/ports.ts";
import { baseOf } from "#lib/base-images/assign.ts";
import { canonicalJson } from "#lib/canonical-json.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db, type Tx } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { isBelieved } from "#lib/image-policies/findings.ts";
import type { Again } from "#lib/queue/looks.ts";
import { activeKeys } from "#lib/signing-keys/queries.ts";
import { databaseTime, NOW } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { type ArtifactScan, artifactContentSchema } from "./content.ts";
import { inspectImage } from "./inspect.ts";
import { type Place, placesOf, placesSelect } from "./places.ts";

/** A scan that runs is asked after again soon while its image is new, since somebody waits for it; seconds. */
const SCAN_SECONDS = { soonest: 2, latest: 60, ofAge: 0.25 };
/** Artifacts that one sweep sends: a whole history is gone through in the course of a day. */
const AT_ONCE = 20;

/**
 * One look at what every registry says of an artifact that has it: the one that it was built into, and those that it was
 * copied to. What cannot be asked is told beside what was known before; the sweep asks again later.
 */
export async function handleInspectJob(artifactId: string, signal: AbortSignal): Promise<Again> {
  const artifact = await db.artifact.findUnique({ where: { id: artifactId }, select: placesSelect });
  if (!artifact) return null;
  // Before the keys are read: one that changes meanwhile makes it due again.
  const now = await databaseTime(db);
  const keys = await activeKeys();
  let scanning = false;
  for (const place of await placesOf(db, artifact)) {
    const told = (tx: Tx) => tellInspected(tx, artifactId, artifact.item.release);
    const state = await lookAt(place, { baseVersionId: artifact.baseVersionId, keys, now, signal, told });
    if (state === "running") scanning = true;
  }
  return scanning ? untilScanned(artifact.createdAt, now) : null;
}

/** Asks one registry. @returns how far its scanner is; null where it does not scan or could not be asked */
async function lookAt(
  place: Place,
  input: {
    baseVersionId: string | null;
    keys: EvidenceKey[];
    now: Date;
    signal: AbortSignal;
    told: (tx: Tx) => Promise<void>;
  },
): Promise<ArtifactScan["state"] | null> {
  const { keys, now, signal, told } = input;
  try {
    const said = await inspectImage({
      registry: await connectRegistry(place.registryId),
      image: place,
      keys,
      before: artifactContentSchema.nullable().parse(place.content),
      now,
      signal,
    });
    const baseVersionId = await baseOf(db, said.content);
    await transaction(async (tx) => {
      await place.save(tx, said, baseVersionId, now);
      const before = { ...place.before, baseVersionId: input.baseVersionId };
      if (saysAnew(before, { ...(said.found ?? before), baseVersionId }, now)) await told(tx);
    });
    return said.found?.scan?.state ?? null;
  } catch (error) {
    if (!(error instanceof AdapterError) || signal.aborted) throw error;
    const { failure, message } = error;
    await place.fail(db, { failure, message, at: now.toISOString() });
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
 * Artifacts of which some registry is due for a look: never asked after, a day ago, before the last change of a signing
 * key, or while the scanner was at work; not those that could not be asked a short while ago.
 */
export async function dueArtifacts(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM "Artifact" a
    WHERE EXISTS (
      SELECT 1 FROM (
        SELECT a."inspectedAt", a."inspectProblem", a.scan
        UNION ALL SELECT c."inspectedAt", c."inspectProblem", c.scan
        FROM "ImageCopy" c WHERE c."artifactId" = a.id AND c.state = 'copied') said
      WHERE ("inspectProblem" IS NULL
          OR ("inspectProblem"->>'at')::timestamptz < ${NOW} - interval '10 minutes')
        AND ("inspectedAt" IS NULL
          OR "inspectedAt" < ${NOW} - interval '1 day'
          OR (scan->>'state' = 'running' AND "inspectedAt" < ${NOW} - interval '1 minute')
          OR "inspectedAt" < (SELECT max(greatest("createdAt", "revokedAt")) FROM "SigningKey")))
    ORDER BY a."inspectedAt" NULLS FIRST, a."createdAt" DESC LIMIT ${AT_ONCE}`;
  return rows.map(({ id }) => id);
}
