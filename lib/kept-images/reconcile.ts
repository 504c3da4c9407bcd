import { recordAudit } from "#lib/audit/record.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { Again } from "#lib/queue/looks.ts";
import { databaseTime, NOW } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { imagesToKeep } from "./facts.ts";
import { KEEP_LABEL, type KeepProblem } from "./reason-schema.ts";
import { recordKept } from "./refresh.ts";

/** Images of one registry that one look tells of; the next look goes on. */
const AT_ONCE = 100;
/** Failures that the next image of the same registry would meet, too. */
const OF_REGISTRY = new Set(["unreachable", "unauthorized", "throttled", "broken"]);

type Due = { repository: string; digest: string; ended: boolean };
type Registry = { id: string; key: string; kind: string };

/**
 * One look at which images are kept: the table is brought up to date, then each registry is told, by a label, of those
 * it does not know of yet and of those that are not kept any more. What a registry refuses is told beside the image and
 * tried again later.
 */
export async function handleKeepJob(signal: AbortSignal): Promise<Again> {
  await recordKept(db, await imagesToKeep());
  const registries = await db.registry.findMany({ select: { id: true, key: true, kind: true } });
  const more = await Promise.all(registries.map((registry) => tell(registry, signal)));
  return more.includes(true) ? 1 : null;
}

/** True when there is more to tell. */
async function tell(registry: Registry, signal: AbortSignal): Promise<boolean> {
  if (registry.kind !== "harbor") return withoutLabels(registry.id);
  const due = await dueImages(registry.id);
  const done: { on: string[]; off: string[] } = { on: [], off: [] };
  let failed = false;
  for (const image of due) {
    if (signal.aborted) break;
    const { repository, digest, ended } = image;
    try {
      const client = await connectRegistry(registry.id);
      const labelled = await client.label({ repository, digest }, KEEP_LABEL, !ended, { signal });
      if (await note(registry.id, image, labelled))
        done[ended ? "off" : "on"].push(`${repository}@${digest}`);
    } catch (error) {
      if (!(error instanceof AdapterError) || signal.aborted) throw error;
      failed = OF_REGISTRY.has(error.failure);
      await noteProblem(registry.id, failed ? due : [image], error);
      if (failed) break;
    }
  }
  if (done.on.length + done.off.length > 0) {
    await transaction((tx) =>
      recordAudit(tx, {
        actor: null,
        action: "kept-image.label",
        subject: "registry",
        subjectId: registry.key,
        projectKey: null,
        data: { label: KEEP_LABEL, ...done },
      }),
    );
  }
  return !failed && due.length === AT_ONCE;
}

/** A registry that has no labels is told nothing: the list of digests is for its cleanups. */
async function withoutLabels(registryId: string): Promise<false> {
  await db.keptImage.deleteMany({ where: { registryId, endedAt: { not: null } } });
  const problem: KeepProblem = {
    failure: "no_labels",
    message: "the registry has no labels",
    at: (await databaseTime(db)).toISOString(),
  };
  await db.$executeRaw`
    UPDATE "KeptImage" SET problem = ${JSON.stringify(problem)}::jsonb, "labelledAt" = NULL
    WHERE "registryId" = ${registryId}::uuid AND problem->>'failure' IS DISTINCT FROM 'no_labels'`;
  return false;
}

/**
 * Images whose label is to be put on or taken off, and those whose label may have been taken off by somebody since:
 * once a day it is put on again. Not those that a registry refused a short while ago.
 */
function dueImages(registryId: string): Promise<Due[]> {
  return db.$queryRaw<Due[]>`
    SELECT repository, digest, "endedAt" IS NOT NULL AS ended FROM "KeptImage"
    WHERE "registryId" = ${registryId}::uuid
      AND ("endedAt" IS NOT NULL OR "labelledAt" IS NULL OR "labelledAt" < ${NOW} - interval '1 day')
      AND (problem IS NULL OR problem->>'failure' = 'no_labels'
        OR (problem->>'at')::timestamptz < ${NOW} - interval '10 minutes')
    ORDER BY "labelledAt" NULLS FIRST, repository, digest LIMIT ${AT_ONCE}`;
}

/** Notes that the registry was told; one that it does not have cannot be protected. True when the label is another now. */
async function note(
  registryId: string,
  { repository, digest, ended }: Due,
  labelled: boolean,
): Promise<boolean> {
  const where = { registryId, repository, digest };
  if (ended) {
    await db.keptImage.deleteMany({ where: { ...where, endedAt: { not: null } } });
    return labelled;
  }
  const now = await databaseTime(db);
  const message = `the registry does not have ${repository}@${digest}`;
  const gone: KeepProblem = { failure: "missing", message, at: now.toISOString() };
  const before = await db.keptImage.findUnique({
    where: { registryId_repository_digest: where },
    select: { labelledAt: true },
  });
  await db.keptImage.updateMany({
    where,
    data: labelled ? { labelledAt: now, problem: Prisma.DbNull } : { labelledAt: null, problem: gone },
  });
  return labelled && before?.labelledAt === null;
}

async function noteProblem(registryId: string, images: readonly Due[], error: AdapterError): Promise<void> {
  const problem: KeepProblem = {
    failure: error.failure,
    message: error.message,
    at: (await databaseTime(db)).toISOString(),
  };
  const OR = images.map(({ repository, digest }) => ({ repository, digest }));
  // What was told in this look before the failure has its time.
  const untold = [{ labelledAt: null }, { endedAt: { not: null } }, { problem: { not: Prisma.DbNull } }];
  await db.keptImage.updateMany({
    where: { registryId, AND: [{ OR }, ...(images.length > 1 ? [{ OR: untold }] : [])] },
    data: { problem },
  });
}
