import type { z } from "zod";
import { type Actor, forbidden, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { readProject } from "#lib/projects/queries.ts";
import { transaction } from "#lib/transaction.ts";
import { environmentDto, listTargets, withRegistry } from "./queries.ts";
import type { createEnvironmentSchema, setTargetsSchema, updateEnvironmentSchema } from "./schema.ts";

/** @throws AppError INVALID_INPUT when there is no such registry */
async function registryIdOf(tx: Tx, key: string | null): Promise<string | null> {
  if (key === null) return null;
  const row = await tx.registry.findUnique({ where: { key }, select: { id: true } });
  if (!row) throw new AppError("INVALID_INPUT", `no registry ${key}`);
  return row.id;
}

export async function createEnvironment(input: { actor: Actor } & z.infer<typeof createEnvironmentSchema>) {
  const { actor, registry, ...fields } = input;
  requirePermission(actor, "platform.manage");
  return transaction(async (tx) => {
    const clash = await tx.environment.findFirst({
      where: { OR: [{ key: fields.key }, { rank: fields.rank }] },
    });
    if (clash) throw new AppError("CONFLICT", `environment ${clash.key} has that key or rank`);
    const registryId = await registryIdOf(tx, registry);
    const row = await tx.environment.create({ data: { ...fields, registryId }, include: withRegistry });
    await recordAudit(tx, {
      actor,
      action: "environment.create",
      subject: "environment",
      subjectId: row.key,
      projectKey: null,
      data: { after: { ...fields, registry } },
    });
    return environmentDto(row);
  });
}

/**
 * Changes an environment's rules. Another registry makes the plans of the environment stale: they name images there.
 * @throws AppError FORBIDDEN; NOT_FOUND; INVALID_INPUT (no such registry); VERSION_CONFLICT
 */
export async function updateEnvironment(
  input: { actor: Actor; environment: string } & z.infer<typeof updateEnvironmentSchema>,
) {
  const { actor, environment: key, version, registry, ...fields } = input;
  requirePermission(actor, "platform.manage");
  return transaction(async (tx) => {
    const before = await tx.environment.findUnique({ where: { key }, include: withRegistry });
    if (!before) throw new AppError("NOT_FOUND", `no environment ${key}`);
    const { count } = await tx.environment.updateMany({
      where: { key, version },
      data: {
        ...fields,
        ...(registry === undefined ? {} : { registryId: await registryIdOf(tx, registry) }),
        version: version + 1,
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the environment was changed meanwhile");
    const after = await tx.environment.findUniqueOrThrow({ where: { key }, include: withRegistry });
    await recordAudit(tx, {
      actor,
      action: "environment.update",
      subject: "environment",
      subjectId: key,
      projectKey: null,
      data: { before: environmentDto(before), after: environmentDto(after) },
    });
    return environmentDto(after);
  });
}

/**
 * A namespace belongs to one environment of one project: else whoever may deploy in the one could write into the other
 * without its approvals, and two deployments could meet there.
 * @throws AppError CONFLICT naming every namespace that is taken, not by whom: that may be a project one cannot read
 */
async function refuseShared(tx: Tx, targetIds: string[]): Promise<void> {
  const own = await tx.target.findMany({
    where: { id: { in: targetIds } },
    select: { id: true, clusterId: true, namespace: true, cluster: { select: { key: true } } },
  });
  const all = await tx.target.findMany({
    where: { OR: own.map(({ clusterId, namespace }) => ({ clusterId, namespace })) },
    select: { id: true, clusterId: true, namespace: true },
  });
  const taken = own.filter((target) =>
    all.some(
      (other) =>
        other.id !== target.id &&
        other.clusterId === target.clusterId &&
        other.namespace === target.namespace,
    ),
  );
  if (taken.length === 0) return;
  const names = [...new Set(taken.map(({ cluster, namespace }) => `${cluster.key}/${namespace}`))];
  throw new AppError("CONFLICT", `taken by another environment or project: ${names.join(", ")}`, {
    facts: { namespaces: names },
  });
}

/**
 * Where a project's environments live: the whole list. A target that deployments ran on keeps its row (and record)
 * as long as it is listed; one that is dropped may not have been deployed to.
 */
export async function setTargets(
  input: { actor: Actor; project: string } & z.infer<typeof setTargetsSchema>,
) {
  const { actor, project: projectKey, targets } = input;
  const project = await readProject(actor, projectKey);
  if (!can(actor.rights, "project.manage", project.id) && !can(actor.rights, "platform.manage")) {
    throw forbidden("project.manage");
  }
  const before = await listTargets(actor, projectKey);
  await transaction(async (tx) => {
    // One at a time, so that two projects do not take one namespace in the same moment.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('targets'))::text`;
    const [environments, clusters] = await Promise.all([
      tx.environment.findMany({ select: { id: true, key: true } }),
      tx.cluster.findMany({ select: { id: true, key: true } }),
    ]);
    const kept: string[] = [];
    for (const { environment, cluster, ...fields } of targets) {
      const environmentId = environments.find(({ key }) => key === environment)?.id;
      const clusterId = clusters.find(({ key }) => key === cluster)?.id;
      if (!environmentId) throw new AppError("INVALID_INPUT", `no environment ${environment}`);
      if (!clusterId) throw new AppError("INVALID_INPUT", `no cluster ${cluster}`);
      const place = { projectId: project.id, environmentId, clusterId, namespace: fields.namespace };
      const row = await tx.target.upsert({
        where: { projectId_environmentId_clusterId_namespace: place },
        create: { ...place, ...fields },
        update: fields,
        select: { id: true },
      });
      kept.push(row.id);
    }
    const dropped = await tx.target.findMany({
      where: { projectId: project.id, id: { notIn: kept } },
      select: { id: true, namespace: true, _count: { select: { runs: true } } },
    });
    const used = dropped.find(({ _count }) => _count.runs > 0);
    if (used) throw new AppError("CONFLICT", `${used.namespace} was deployed to: its record is kept`);
    await tx.target.deleteMany({ where: { id: { in: dropped.map(({ id }) => id) } } });
    await refuseShared(tx, kept);
    await emit(tx, {
      topics: [`project:${projectKey}`],
      type: "targets.changed",
      data: { project: projectKey },
    });
    await recordAudit(tx, {
      actor,
      action: "targets.set",
      subject: "project",
      subjectId: projectKey,
      projectKey,
      data: { before: before.items, after: targets },
    });
  });
  return listTargets(actor, projectKey);
}
