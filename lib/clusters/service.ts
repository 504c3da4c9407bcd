import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { systemSettings, UNCHECKED } from "#lib/connections/settings.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { AppError } from "#lib/errors.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { inspectCluster } from "./check.ts";
import { readCredential } from "./credential.ts";
import { listClusters } from "./queries.ts";
import type { ClusterDto, createClusterSchema, updateClusterSchema } from "./schema.ts";

const settings = systemSettings({
  subject: "cluster",
  noun: "cluster",
  list: listClusters,
  find: (tx, key) =>
    tx.cluster.findUnique({
      where: { key },
      include: { targets: { select: { namespace: true, createNamespace: true } } },
    }),
  write: (tx, where, data: Prisma.ClusterUpdateManyMutationInput) => tx.cluster.updateMany({ where, data }),
});
const seal = (id: string, kubeconfig: string) => encryptSecret(kubeconfig, secretContext.cluster(id));

/**
 * Registers a cluster; its credential is stored encrypted. Admins only.
 * @throws AppError FORBIDDEN; CONFLICT when the key is taken; INVALID_INPUT as `readCredential`
 */
export async function createCluster(
  input: { actor: Actor } & z.infer<typeof createClusterSchema>,
): Promise<ClusterDto> {
  const { actor, key, name } = input;
  requirePermission(actor, "platform.manage");
  const { server, kubeconfig } = await readCredential(input);
  return settings.create({ actor, key }, { key, name, server }, async (tx) => {
    const { id } = await tx.cluster.create({ data: { key, name, server } });
    await tx.cluster.update({ where: { id }, data: { credentialEncrypted: seal(id, kubeconfig) } });
  });
}

/**
 * Renames a cluster, or gives it a new kubeconfig. With another server the stored credential goes: what was meant for
 * one server is never shown to another, so the new one must come in the same edit. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT; INVALID_INPUT with the blocker CREDENTIAL_NEEDED, or as
 * `readCredential`
 */
export async function updateCluster(
  input: { actor: Actor; cluster: string } & z.infer<typeof updateClusterSchema>,
): Promise<ClusterDto> {
  const { actor, cluster: key, version, name, server, kubeconfig, context } = input;
  requirePermission(actor, "platform.manage");
  const given = kubeconfig === undefined ? null : await readCredential({ kubeconfig, context });
  return settings.update({ actor, key, version }, async (row) => {
    const before = { name: row.name, server: row.server };
    const after = { name: name ?? before.name, server: server ?? given?.server ?? before.server };
    if (after.server !== (given ?? before).server) {
      const message = given
        ? `the kubeconfig is for ${given.server}, not for ${after.server}`
        : "another server needs a kubeconfig of its own in the same edit";
      const facts = { server: after.server, credential: given?.server ?? "" };
      const blockers = [{ code: "CREDENTIAL_NEEDED", message, facts, liftedBy: ["admin"] }];
      throw new AppError("INVALID_INPUT", message, { blockers });
    }
    const renewed = given && { credentialEncrypted: seal(row.id, given.kubeconfig), ...UNCHECKED };
    return { data: { ...after, ...renewed }, before, after, credential: given ? "replaced" : "kept" };
  });
}

/**
 * Asks the cluster now: reachable, version, and the rights the portal needs in each namespace. Admins only.
 * @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile
 */
export const checkCluster = (input: { actor: Actor; cluster: string }): Promise<ClusterDto> =>
  settings.check({ actor: input.actor, key: input.cluster }, ({ id, targets }) =>
    inspectCluster(id, targets),
  );
