import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { connectRegistry, secretContext } from "#lib/connections/connect.ts";
import { refuseForeignServer } from "#lib/connections/refuse.ts";
import { systemSettings, UNCHECKED } from "#lib/connections/settings.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { listRegistries } from "./queries.ts";
import type { createRegistrySchema, RegistryDto, updateRegistrySchema } from "./schema.ts";
import { useBlockers, usesOf } from "./uses.ts";

const settings = systemSettings({
  subject: "registry",
  noun: "registry",
  list: listRegistries,
  find: (tx, key) => tx.registry.findUnique({ where: { key } }),
  write: (tx, where, data: Prisma.RegistryUpdateManyMutationInput) => tx.registry.updateMany({ where, data }),
});
const seal = (id: string, password: string) => encryptSecret(password, secretContext.registry(id));

/**
 * Registers an image registry; its password is stored encrypted. Admins only.
 * @throws AppError FORBIDDEN; CONFLICT when the key is taken
 */
export async function createRegistry(
  input: { actor: Actor } & z.infer<typeof createRegistrySchema>,
): Promise<RegistryDto> {
  const { actor, password, ...fields } = input;
  requirePermission(actor, "platform.manage");
  await refuseForeignServer("server", fields.url);
  return settings.create({ actor, key: fields.key }, fields, async (tx) => {
    const { id } = await tx.registry.create({ data: fields });
    if (password) {
      await tx.registry.update({ where: { id }, data: { passwordEncrypted: seal(id, password) } });
    }
  });
}

/**
 * Renames a registry, or gives it another address, kind or credential. With another address the stored credential goes,
 * unless a new one comes with it: what was meant for one host is never shown to another. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT
 */
export async function updateRegistry(
  input: { actor: Actor; registry: string } & z.infer<typeof updateRegistrySchema>,
): Promise<RegistryDto> {
  const { actor, registry: key, version, credential } = input;
  requirePermission(actor, "platform.manage");
  if (input.url !== undefined) await refuseForeignServer("server", input.url);
  return settings.update({ actor, key, version }, async (row, tx) => {
    const after = { name: input.name ?? row.name, url: input.url ?? row.url, kind: input.kind ?? row.kind };
    const moved = new URL(after.url).href !== new URL(row.url).href;
    const given = credential === undefined && moved ? null : credential;
    const replaced = given !== undefined && {
      username: given?.username ?? null,
      passwordEncrypted: given ? seal(row.id, given.password) : null,
    };
    const unchecked = (replaced || after.kind !== row.kind) && UNCHECKED;
    if (unchecked) {
      // What it refused before it may take now.
      await tx.keptImage.updateMany({ where: { registryId: row.id }, data: { problem: Prisma.DbNull } });
    }
    if (after.kind !== row.kind) {
      // A Harbor knows more of an image than was asked for before, and a plain registry less.
      const of = { item: { component: { registryId: row.id } } };
      await tx.artifact.updateMany({ where: of, data: { inspectedAt: null } });
      await tx.imageCopy.updateMany({ where: { registryId: row.id }, data: { inspectedAt: null } });
    }
    return {
      data: { ...after, ...replaced, ...unchecked },
      before: { name: row.name, url: row.url, kind: row.kind, username: row.username },
      after: { ...after, username: given === undefined ? row.username : (given?.username ?? null) },
      credential: given === undefined ? "kept" : given === null ? "dropped" : "replaced",
    };
  });
}

/**
 * Asks the registry now, and keeps what was found: whether it answers, lets us in and leaves kept images alone. Admins
 * only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile
 */
export const checkRegistry = (input: { actor: Actor; registry: string }): Promise<RegistryDto> =>
  settings.check({ actor: input.actor, key: input.registry }, async ({ id }) => {
    const wanted = await db.keptImage.findMany({
      where: { registryId: id, endedAt: null },
      select: { repository: true, digest: true },
    });
    return (await connectRegistry(id)).check({ wanted });
  });

/**
 * Forgets a registry that nothing uses, with what was known of the copies in it; its images stay where they are. Admins
 * only.
 * @throws AppError FORBIDDEN; NOT_FOUND; BLOCKED with everything that uses it
 */
export const deleteRegistry = (input: { actor: Actor; registry: string }): Promise<undefined> =>
  settings.remove({ actor: input.actor, key: input.registry }, async (row, tx) => {
    const blockers = useBlockers(await usesOf(tx, row));
    if (blockers.length > 0) throw new AppError("BLOCKED", `registry ${row.key} is in use`, { blockers });
    await tx.imageCopy.deleteMany({ where: { registryId: row.id } });
    await tx.registry.delete({ where: { id: row.id } });
    return { before: { name: row.name, url: row.url, kind: row.kind, username: row.username } };
  });
