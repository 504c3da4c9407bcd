import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { connectCluster, secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { listClusters } from "./queries.ts";
import type { createClusterSchema, Finding } from "./schema.ts";

const one = async (actor: Actor, key: string) => {
  const row = (await listClusters(actor)).items.find((cluster) => cluster.key === key);
  if (!row) throw new AppError("NOT_FOUND", `no cluster ${key}`);
  return row;
};

/** Registers a cluster; its credential is stored encrypted. Admins only. */
export async function createCluster(input: { actor: Actor } & z.infer<typeof createClusterSchema>) {
  const { actor, key, name, kubeconfig, context } = input;
  requirePermission(actor, "platform.manage");
  const contexts = splitKubeconfig(kubeconfig);
  const chosen = context ? contexts.find((entry) => entry.name === context) : contexts[0];
  if (!chosen)
    throw new AppError("INVALID_INPUT", context ? `no context ${context}` : "the kubeconfig has no context");
  if (!context && contexts.length > 1)
    throw new AppError("INVALID_INPUT", "the kubeconfig has several contexts: name one");
  await db.$transaction(async (tx) => {
    if (await tx.cluster.findUnique({ where: { key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `cluster ${key} exists`);
    }
    const row = await tx.cluster.create({ data: { key, name, server: chosen.server } });
    await tx.cluster.update({
      where: { id: row.id },
      data: { credentialEncrypted: encryptSecret(chosen.kubeconfig, secretContext.cluster(row.id)) },
    });
    await recordAudit(tx, {
      actor,
      action: "cluster.create",
      subject: "cluster",
      subjectId: key,
      projectKey: null,
      data: { after: { key, name, server: chosen.server } },
    });
  });
  return one(actor, key);
}

/** What the portal needs in a target's namespace. */
const NEEDED = [
  { group: "apps", resource: "deployments" },
  { group: "", resource: "services" },
  { group: "", resource: "configmaps" },
  { group: "", resource: "secrets" },
] as const;

/** Asks the cluster now: reachable, version, and the rights the portal needs. Admins only. */
export async function checkCluster(input: { actor: Actor; cluster: string }) {
  const { actor, cluster: key } = input;
  requirePermission(actor, "platform.manage");
  const row = await db.cluster.findUnique({
    where: { key },
    select: { id: true, targets: { select: { namespace: true } } },
  });
  if (!row) throw new AppError("NOT_FOUND", `no cluster ${key}`);
  const findings = await inspect(row.id, [...new Set(row.targets.map(({ namespace }) => namespace))]);
  await db.$transaction(async (tx) => {
    await tx.cluster.update({
      where: { id: row.id },
      data: { checkedAt: new Date(), checkResult: findings },
    });
    await recordAudit(tx, {
      actor,
      action: "cluster.check",
      subject: "cluster",
      subjectId: key,
      projectKey: null,
      data: { failed: findings.filter(({ ok }) => !ok).map(({ code }) => code) },
    });
  });
  return one(actor, key);
}

async function inspect(clusterId: string, namespaces: string[]): Promise<Finding[]> {
  try {
    const cluster = await connectCluster(clusterId);
    const { gitVersion } = await cluster.version();
    const findings: Finding[] = [
      { code: "REACHABLE", ok: true, message: "the API server answers" },
      { code: "VERSION", ok: true, message: gitVersion },
    ];
    for (const namespace of namespaces.slice(0, 50)) {
      const answers = await Promise.all(
        NEEDED.flatMap(({ group, resource }) =>
          ["create", "patch", "delete", "list", "watch"].map(async (verb) => ({
            right: `${verb} ${resource}`,
            allowed: await cluster.reviewAccess({ verb, group, resource, namespace }),
          })),
        ),
      );
      const missing = answers.filter(({ allowed }) => !allowed).map(({ right }) => right);
      findings.push({
        code: "RIGHTS",
        ok: missing.length === 0,
        message:
          missing.length === 0 ? `${namespace}: all rights` : `${namespace}: missing ${missing.join(", ")}`,
        ...(missing.length > 0
          ? { fix: "grant these rights to the portal's account in that namespace" }
          : {}),
      });
    }
    return findings;
  } catch (error) {
    if (!(error instanceof AdapterError) && !(error instanceof AppError)) throw error;
    const failure = error instanceof AdapterError ? error.failure : "unreachable";
    return [
      {
        code: failure === "unauthorized" || failure === "forbidden" ? "CREDENTIAL" : "REACHABLE",
        ok: false,
        message: error.message,
        fix:
          failure === "unauthorized"
            ? "register the cluster again with a valid credential"
            : "check the address, the network and that the API server runs",
      },
    ];
  }
}
