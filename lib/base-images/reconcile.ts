import type { ImageRegistry } from "#lib/adapters/ports.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectRegistry } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { Again } from "#lib/queue/looks.ts";
import { databaseTime, NOW } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { assignTo } from "./assign.ts";
import type { BaseProblem } from "./schema.ts";

/** Platforms of an index that are looked at; more are not built for. */
const MAX_PLATFORMS = 8;

type Seen = { digest: string; createdAt: Date | null; layers: string[][] };
type Base = { id: string; key: string; digest: string | null; version: number };

/**
 * One look at what a base image's tag points to. Another digest than before is a new version, and the images that
 * begin with its layers are found. What cannot be asked is told on the base beside what was known.
 */
export async function handleBaseImageJob(baseImageId: string, signal: AbortSignal): Promise<Again> {
  const base = await db.baseImage.findUnique({ where: { id: baseImageId } });
  if (!base) return null;
  const now = await databaseTime(db);
  try {
    const seen = await seeBase(await connectRegistry(base.registryId), base, signal);
    if (seen) await recordSeen(base, seen, now);
    else await tell(base, { failure: "missing", message: `no ${base.repository}:${base.tag}` }, now);
  } catch (error) {
    if (!(error instanceof AdapterError) || signal.aborted) throw error;
    await tell(base, { failure: error.failure, message: error.message }, now);
  }
  return null;
}

async function tell({ id, version }: Base, problem: Omit<BaseProblem, "at">, now: Date): Promise<void> {
  const told: BaseProblem = { ...problem, at: now.toISOString() };
  await db.baseImage.updateMany({ where: { id, version }, data: { problem: told } });
}

async function seeBase(
  registry: Pick<ImageRegistry, "inspect">,
  { repository, tag }: { repository: string; tag: string },
  signal: AbortSignal,
): Promise<Seen | null> {
  const top = await registry.inspect({ repository, reference: tag }, { signal });
  if (!top) return null;
  const { digest, platforms } = top;
  const images = [];
  for (const platform of top.layers.length > 0 ? [] : platforms.slice(0, MAX_PLATFORMS)) {
    const image = await registry.inspect({ repository, reference: platform.digest }, { signal });
    if (image) images.push(image);
  }
  const all = images.length > 0 ? images : [top];
  return {
    digest,
    createdAt: top.createdAt ?? all[0]?.createdAt ?? null,
    layers: all.map(({ layers }) => layers.flatMap(({ diffId }) => diffId ?? [])),
  };
}

/** A base that was changed meanwhile is left alone: its change has sent a look of its own. */
async function recordSeen(base: Base, seen: Seen, now: Date): Promise<void> {
  await transaction(async (tx) => {
    const { count } = await tx.baseImage.updateMany({
      where: { id: base.id, version: base.version },
      data: { digest: seen.digest, lookedAt: now, problem: Prisma.DbNull },
    });
    if (count === 0 || base.digest === seen.digest) return;
    const [layers = [], ...otherLayers] = seen.layers;
    const { count: fresh } = await tx.baseImageVersion.createMany({
      data: {
        baseImageId: base.id,
        digest: seen.digest,
        layers,
        otherLayers,
        createdAt: seen.createdAt,
        seenAt: now,
      },
      skipDuplicates: true,
    });
    if (fresh > 0) {
      const { id } = await tx.baseImageVersion.findUniqueOrThrow({
        where: { baseImageId_digest: { baseImageId: base.id, digest: seen.digest } },
        select: { id: true },
      });
      await assignTo(tx, id);
    }
    await recordAudit(tx, {
      actor: null,
      action: "base-image.move",
      subject: "base-image",
      subjectId: base.key,
      projectKey: null,
      data: { before: base.digest, after: seen.digest },
    });
  });
}

/** Base images whose tag was not looked at for five minutes, with or without success. */
export async function dueBaseImages(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM "BaseImage"
    WHERE greatest("lookedAt", (problem->>'at')::timestamptz) IS NULL
      OR greatest("lookedAt", (problem->>'at')::timestamptz) < ${NOW} - interval '5 minutes'
    ORDER BY "lookedAt" NULLS FIRST`;
  return rows.map(({ id }) => id);
}
