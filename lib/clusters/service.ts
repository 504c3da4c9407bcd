import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";
import { inspectCluster } from "./check.ts";
import { readCredential } from "./credential.ts";
import { listClusters } from "./queries.ts";
import type { ClusterDto, createClusterSchema, updateClusterSchema } from "./schema.ts";

const one = async (actor: Actor, key: string): Promise<ClusterDto> => {
  const row = (await listClusters(actor)).items.find((cluster) => cluster.key === key);
  if (!row) throw new AppError("NOT_FOUND", `no cluster ${key}`);
  return row;
};
const audit = { subject: "cluster", projectKey: null };

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
  await transaction(async (tx) => {
    if (await tx.cluster.findUnique({ where: { key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `cluster ${key} exists`);
    }
    const row = await tx.cluster.create({ data: { key, name, server } });
    await tx.cluster.update({
      where: { id: row.id },
      data: { credentialEncrypted: encryptSecret(kubeconfig, secretContext.cluster(row.id)) },
    });
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "cluster.create",
      subjectId: key,
      data: { after: { key, name, server } },
    });
  });
  return one(actor, key);
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
  const before = await one(actor, key);
  const given = kubeconfig === undefined ? null : await readCredential({ kubeconfig, context });
  const after = { name: name ?? before.name, server: server ?? given?.server ?? before.server };
  if (after.server !== (given ?? before).server) {
    const message = given
      ? `the kubeconfig is for ${given.server}, not for ${after.server}`
      : "another server needs a kubeconfig of its own in the same edit";
    const facts = { server: after.server, credential: given?.server ?? "" };
    const blockers = [{ code: "CREDENTIAL_NEEDED", message, facts, liftedBy: ["admin"] }];
    throw new AppError("INVALID_INPUT", message, { blockers });
  }
  await transaction(async (tx) => {
    const { id } = await tx.cluster.findUniqueOrThrow({ where: { key }, select: { id: true } });
    // What was found with the old credential says nothing about the new one.
    const renewed = given && {
      credentialEncrypted: encryptSecret(given.kubeconfig, secretContext.cluster(id)),
      checkedAt: null,
      checkResult: [],
    };
    const { count } = await tx.cluster.updateMany({
      where: { id, version },
      data: { ...after, ...renewed, version: { increment: 1 } },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "cluster.update",
      subjectId: key,
      data: {
        before: { name: before.name, server: before.server },
        after,
        credential: given ? "replaced" : "kept",
      },
    });
  });
  return one(actor, key);
}

/** Asks the cluster now: reachable, version, and the rights the portal needs in each namespace. Admins only. */
export async function checkCluster(input: { actor: Actor; cluster: string }): Promise<ClusterDto> {
  const { actor, cluster: key } = input;
  requirePermission(actor, "platform.manage");
  const row = await db.cluster.findUnique({
    where: { key },
    select: { id: true, targets: { select: { namespace: true, createNamespace: true } } },
  });
  if (!row) throw new AppError("NOT_FOUND", `no cluster ${key}`);
  const findings = await inspectCluster(row.id, row.targets);
  await transaction(async (tx) => {
    await tx.cluster.update({
      where: { id: row.id },
      data: { checkedAt: new Date(), checkResult: findings },
    });
    await recordAudit(tx, {
      ...audit,
      actor,
      action: "cluster.check",
      subjectId: key,
      data: { failed: findings.filter(({ ok }) => !ok).map(({ code }) => code) },
    });
  });
  return one(actor, key);
}
