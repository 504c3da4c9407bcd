import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { transaction } from "#lib/transaction.ts";
import { getBaseImage } from "./queries.ts";
import type { BaseImageDto, createBaseImageSchema, updateBaseImageSchema } from "./schema.ts";

const look = (tx: Tx, baseImageId: string) =>
  enqueue(tx, "base-image.look", { baseImageId }, { key: `base-image:${baseImageId}` });
const audit = (tx: Tx, actor: Actor, action: string, key: string, data: Record<string, unknown>) =>
  recordAudit(tx, { actor, action, subject: "base-image", subjectId: key, projectKey: null, data });
const blocked = (code: string, message: string, facts: Blocker["facts"]) =>
  new AppError("BLOCKED", message, { blockers: [{ code, message, facts, liftedBy: ["admin"] }] });

async function find(tx: Tx, key: string) {
  const row = await tx.baseImage.findUnique({ where: { key } });
  if (!row) throw new AppError("NOT_FOUND", `no base image ${key}`);
  return row;
}

async function parentId(tx: Tx, key: string | null): Promise<string | null> {
  if (key === null) return null;
  const row = await tx.baseImage.findUnique({ where: { key }, select: { id: true } });
  if (!row) throw new AppError("INVALID_INPUT", `no base image ${key}`);
  return row.id;
}

async function refuseTaken(
  tx: Tx,
  place: { registryId: string; repository: string; tag: string },
  except?: string,
): Promise<void> {
  const row = await tx.baseImage.findFirst({ where: place, select: { id: true, key: true } });
  if (row && row.id !== except) throw new AppError("CONFLICT", `${row.key} is this image already`);
}

/** A base may not stand on itself, by however many steps. */
async function refuseCycle(tx: Tx, id: string, parent: string | null): Promise<void> {
  const rows = await tx.baseImage.findMany({ select: { id: true, key: true, parentId: true } });
  for (let at = parent, steps = 0; at !== null && steps <= rows.length; steps += 1) {
    const row = rows.find((one) => one.id === at);
    if (at === id)
      throw blocked("BASE_IMAGE_CYCLE", "it would be built on itself", {
        base: rows.find((one) => one.id === parent)?.key ?? "",
      });
    at = row?.parentId ?? null;
  }
}

/**
 * Registers a base image; its tag is looked at next. Admins only.
 * @throws AppError FORBIDDEN; CONFLICT when key or image are taken; INVALID_INPUT for an unknown registry or parent
 */
export async function createBaseImage(
  input: { actor: Actor } & z.output<typeof createBaseImageSchema>,
): Promise<BaseImageDto> {
  const { actor, registry: registryKey, parent, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    if (await tx.baseImage.findUnique({ where: { key: fields.key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `base image ${fields.key} exists`);
    }
    const registry = await tx.registry.findUnique({ where: { key: registryKey }, select: { id: true } });
    if (!registry) throw new AppError("INVALID_INPUT", `no registry ${registryKey}`);
    const place = { registryId: registry.id, repository: fields.repository, tag: fields.tag };
    await refuseTaken(tx, place);
    const { id } = await tx.baseImage.create({
      data: { key: fields.key, name: fields.name, ...place, parentId: await parentId(tx, parent) },
    });
    await look(tx, id);
    await audit(tx, actor, "base-image.create", fields.key, {
      after: { ...fields, registry: registryKey, parent },
    });
  });
  return getBaseImage(actor, input.key);
}

/**
 * Changes a base image. Another repository or tag is looked at anew; versions that were seen stay known. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT; CONFLICT when the image is another base's; INVALID_INPUT for
 * an unknown parent; BLOCKED BASE_IMAGE_CYCLE
 */
export async function updateBaseImage(
  input: { actor: Actor; base: string } & z.output<typeof updateBaseImageSchema>,
): Promise<BaseImageDto> {
  const { actor, base: key, version, parent } = input;
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    const row = await find(tx, key);
    const before = { name: row.name, repository: row.repository, tag: row.tag };
    const after = {
      name: input.name ?? row.name,
      repository: input.repository ?? row.repository,
      tag: input.tag ?? row.tag,
    };
    const newParent = parent === undefined ? row.parentId : await parentId(tx, parent);
    await refuseCycle(tx, row.id, newParent);
    await refuseTaken(
      tx,
      { registryId: row.registryId, repository: after.repository, tag: after.tag },
      row.id,
    );
    const moved = after.repository !== row.repository || after.tag !== row.tag;
    const { count } = await tx.baseImage.updateMany({
      where: { id: row.id, version },
      data: {
        ...after,
        parentId: newParent,
        ...(moved ? { digest: null, lookedAt: null } : {}),
        version: { increment: 1 },
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
    if (moved) await look(tx, row.id);
    await audit(tx, actor, "base-image.update", key, {
      before,
      after: { ...after, ...(parent === undefined ? {} : { parent }) },
    });
  });
  return getBaseImage(actor, key);
}

/**
 * Forgets a base image and its versions: images are not told to sit on it any more. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; BLOCKED while others are built on it, or an image policy names it
 */
export async function deleteBaseImage({
  actor,
  base: key,
}: {
  actor: Actor;
  base: string;
}): Promise<undefined> {
  requirePermission(actor, "platform.manage");
  await transaction(async (tx) => {
    const { id } = await find(tx, key);
    const child = await tx.baseImage.findFirst({ where: { parentId: id }, select: { key: true } });
    if (child) throw blocked("BASE_IMAGE_PARENT", "another base is built on it", { base: child.key });
    const policy = await tx.imagePolicy.findFirst({
      where: { allowedBases: { has: key } },
      select: { environment: { select: { key: true } } },
    });
    if (policy) {
      const { key: environment } = policy.environment;
      throw blocked("BASE_IMAGE_ALLOWED", "an image policy names it", { environment });
    }
    await tx.baseImage.delete({ where: { id } });
    await audit(tx, actor, "base-image.delete", key, {});
  });
}

/** Has the tag looked at now; anybody who is signed in may ask. @throws AppError NOT_FOUND */
export async function lookAtBaseImage({
  actor,
  base: key,
}: {
  actor: Actor;
  base: string;
}): Promise<undefined> {
  await transaction(async (tx) => {
    const { id } = await find(tx, key);
    await look(tx, id);
    await audit(tx, actor, "base-image.look", key, {});
  });
}
