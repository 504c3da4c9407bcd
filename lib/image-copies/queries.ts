import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { parseImage } from "#lib/plans/image-name.ts";
import { COPY_ATTEMPTS, copyCauseSchema, nextAttemptAt } from "./cause.ts";
import { registryHost } from "./reference.ts";
import { retryBlockers } from "./rule.ts";
import type { ImageCopyDto } from "./schema.ts";
import { COPY_STATES } from "./state.ts";

const select = {
  id: true,
  artifactId: true,
  repository: true,
  digest: true,
  state: true,
  attempts: true,
  sentBytes: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  goneSince: true,
  cause: true,
  askedBy: { select: { username: true, displayName: true } },
  registry: { select: { key: true, name: true, url: true } },
  artifact: {
    select: {
      image: true,
      sizeBytes: true,
      item: {
        select: {
          component: { select: { key: true } },
          release: { select: { number: true, projectId: true } },
        },
      },
    },
  },
} as const;
type Row = Prisma.ImageCopyGetPayload<{ select: typeof select }>;
const stateSchema = z.enum(COPY_STATES);

function toDto(row: Row, actor: Actor): ImageCopyDto {
  const { artifact, registry, digest } = row;
  const { component, release } = artifact.item;
  const state = stateSchema.parse(row.state);
  const blockers = retryBlockers(actor.rights, release.projectId, { state, goneSince: row.goneSince });
  return {
    id: row.id,
    release: release.number,
    component: component.key,
    artifact: row.artifactId,
    digest,
    from: parseImage(artifact.image).host,
    to: `${registryHost(registry.url)}/${row.repository}`,
    registry: registry.key,
    registryName: registry.name,
    state,
    attempts: row.attempts,
    maxAttempts: COPY_ATTEMPTS,
    sentBytes: Number(row.sentBytes),
    totalBytes: artifact.sizeBytes === null ? null : Number(artifact.sizeBytes),
    askedBy: row.askedBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    nextAttemptAt: state === "queued" ? (nextAttemptAt(row)?.toISOString() ?? null) : null,
    goneSince: row.goneSince?.toISOString() ?? null,
    cause: copyCauseSchema.nullable().parse(row.cause),
    actions: { retry: { allowed: blockers.length === 0, blockers } },
  };
}

/**
 * The images of a release order in the registry of an environment, or on their way there; empty where the environment
 * has none. @throws AppError NOT_FOUND, also for an environment that is not on the way of the release order
 */
export async function listImageCopies(
  actor: Actor,
  input: { release: string; environment: string },
): Promise<{ items: ImageCopyDto[]; nextCursor: null }> {
  const stage = await db.stage.findFirst({
    where: { release: { number: input.release }, environment: { key: input.environment } },
    select: {
      releaseId: true,
      release: { select: { projectId: true } },
      environment: { select: { registryId: true } },
    },
  });
  if (!stage) throw new AppError("NOT_FOUND", `${input.release} does not go to ${input.environment}`);
  requirePermission(actor, "project.read", stage.release.projectId);
  const { registryId } = stage.environment;
  if (registryId === null) return { items: [], nextCursor: null };
  const rows = await db.imageCopy.findMany({
    where: { registryId, artifact: { item: { releaseId: stage.releaseId } } },
    orderBy: { artifact: { item: { component: { key: "asc" } } } },
    select,
  });
  return { items: rows.map((row) => toDto(row, actor)), nextCursor: null };
}

/** @throws AppError NOT_FOUND, also when it is of a project that the actor may not read */
export async function getImageCopy(actor: Actor, id: string): Promise<ImageCopyDto> {
  const row = await db.imageCopy.findUnique({ where: { id }, select });
  if (!row) throw new AppError("NOT_FOUND", "no such copy of an image");
  requirePermission(actor, "project.read", row.artifact.item.release.projectId);
  return toDto(row, actor);
}
