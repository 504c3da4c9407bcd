import type { z } from "zod";
import { type Actor, forbidden, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { refuseForeignServer } from "#lib/connections/refuse.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { getProject, readProject } from "./queries.ts";
import type {
  createGrantSchema,
  createProjectSchema,
  setMemberSchema,
  updateProjectSchema,
} from "./schema.ts";

async function findUser(username: string, tx: Tx = db) {
  const user = await tx.user.findUnique({
    where: { username },
    select: { id: true, username: true, disabledAt: true },
  });
  if (!user || user.disabledAt) throw new AppError("INVALID_INPUT", `no active user ${username}`);
  return user;
}

/** A new project with its owner, on the path of every environment there is. Admins only. */
export async function createProject(input: { actor: Actor } & z.infer<typeof createProjectSchema>) {
  const { actor, key, name, description } = input;
  requirePermission(actor, "platform.manage");
  const owner = await findUser(input.owner);
  await transaction(async (tx) => {
    if (await tx.project.findUnique({ where: { key }, select: { id: true } })) {
      throw new AppError("CONFLICT", `project ${key} exists`);
    }
    const environments = await tx.environment.findMany({ select: { id: true } });
    await tx.project.create({
      data: {
        key,
        name,
        description,
        members: { create: { userId: owner.id, role: "owner" } },
        environments: { create: environments.map(({ id }) => ({ environmentId: id })) },
      },
    });
    await emit(tx, { topics: [`project:${key}`], type: "project.created", data: { project: key } });
    await recordAudit(tx, {
      actor,
      action: "project.create",
      subject: "project",
      subjectId: key,
      projectKey: key,
      data: { after: { name, description, owner: owner.username } },
    });
  });
  return getProject(actor, key);
}

/** Names, and the path with its switches. */
export async function updateProject(
  input: { actor: Actor; project: string } & z.infer<typeof updateProjectSchema>,
) {
  const {
    actor,
    project: key,
    version,
    environments,
    prometheusUrl,
    maxBuilds,
    supersedeQueuedBuilds,
    ticketPatterns,
    ...names
  } = input;
  const project = await readProject(actor, key);
  requirePermission(actor, "project.manage", project.id);
  const before = await getProject(actor, key);
  if (prometheusUrl) await refuseForeignServer("cluster", prometheusUrl);
  await transaction(async (tx) => {
    const { count } = await tx.project.updateMany({
      where: { id: project.id, version },
      data: {
        ...(names.name ? { name: names.name } : {}),
        ...(names.description !== undefined ? { description: names.description } : {}),
        ...(prometheusUrl !== undefined ? { prometheusUrl } : {}),
        ...(maxBuilds !== undefined ? { maxBuilds } : {}),
        ...(supersedeQueuedBuilds !== undefined ? { supersedeQueuedBuilds } : {}),
        ...(ticketPatterns !== undefined ? { ticketPatterns } : {}),
        version: version + 1,
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the project was changed meanwhile");
    if (environments) await setPath(tx, project.id, environments);
    await emit(tx, { topics: [`project:${key}`], type: "project.updated", data: { project: key } });
    await recordAudit(tx, {
      actor,
      action: "project.update",
      subject: "project",
      subjectId: key,
      projectKey: key,
      data: {
        before: {
          name: before.name,
          description: before.description,
          prometheusUrl: before.prometheusUrl,
          maxBuilds: before.maxBuilds,
          supersedeQueuedBuilds: before.supersedeQueuedBuilds,
          ticketPatterns: before.ticketPatterns,
          environments: before.environments,
        },
        after: { ...names, prometheusUrl, maxBuilds, supersedeQueuedBuilds, ticketPatterns, environments },
      },
    });
  });
  return getProject(actor, key);
}

async function setPath(
  tx: Tx,
  projectId: string,
  path: { key: string; developersMayDeploy: boolean }[],
): Promise<void> {
  const known = await tx.environment.findMany({
    where: { key: { in: path.map(({ key }) => key) } },
    select: { id: true, key: true, kind: true },
  });
  for (const step of path) {
    const environment = known.find(({ key }) => key === step.key);
    if (!environment) throw new AppError("INVALID_INPUT", `no environment ${step.key}`);
    if (step.developersMayDeploy && environment.kind !== "open") {
      throw new AppError("INVALID_INPUT", `${step.key} is controlled: only operators deploy there`);
    }
    await tx.projectEnvironment.upsert({
      where: { projectId_environmentId: { projectId, environmentId: environment.id } },
      create: { projectId, environmentId: environment.id, developersMayDeploy: step.developersMayDeploy },
      update: { developersMayDeploy: step.developersMayDeploy },
    });
  }
  await tx.projectEnvironment.deleteMany({
    where: { projectId, environmentId: { notIn: known.map(({ id }) => id) } },
  });
}

/** Sets the roles of one member; none removes the member. The last owner stays. */
export async function setMember(input: { actor: Actor; project: string } & z.infer<typeof setMemberSchema>) {
  const { actor, project: key, roles } = input;
  const project = await readProject(actor, key);
  if (!can(actor.rights, "project.manage", project.id) && !can(actor.rights, "platform.manage")) {
    throw forbidden("project.manage");
  }
  const user = await findUser(input.username);
  await transaction(async (tx) => {
    const before = await tx.membership.findMany({
      where: { projectId: project.id, userId: user.id },
      select: { role: true },
    });
    await tx.membership.deleteMany({ where: { projectId: project.id, userId: user.id } });
    await tx.membership.createMany({
      data: [...new Set(roles)].map((role) => ({ projectId: project.id, userId: user.id, role })),
    });
    const owners = await tx.membership.count({ where: { projectId: project.id, role: "owner" } });
    if (owners === 0) throw new AppError("CONFLICT", "a project keeps at least one owner");
    await emit(tx, {
      topics: [`project:${key}`, `user:${user.username}`],
      type: "member.changed",
      data: { project: key },
    });
    await recordAudit(tx, {
      actor,
      action: "member.set",
      subject: "user",
      subjectId: user.username,
      projectKey: key,
      data: { before: before.map(({ role }) => role), after: roles },
    });
  });
  return getProject(actor, key);
}

/** Lets one person deploy in one open environment until a time. */
export async function createGrant(
  input: { actor: Actor; project: string } & z.infer<typeof createGrantSchema>,
) {
  const { actor, project: key, reason } = input;
  const project = await readProject(actor, key);
  requirePermission(actor, "project.manage", project.id);
  const [user, environment] = await Promise.all([
    findUser(input.username),
    db.environment.findUnique({
      where: { key: input.environment },
      select: { id: true, key: true, kind: true },
    }),
  ]);
  if (!environment) throw new AppError("INVALID_INPUT", `no environment ${input.environment}`);
  if (environment.kind !== "open")
    throw new AppError("INVALID_INPUT", `${environment.key} is controlled: only operators deploy there`);
  const expiresAt = new Date(input.expiresAt);
  if (expiresAt <= new Date()) throw new AppError("INVALID_INPUT", "a grant ends in the future");
  await transaction(async (tx) => {
    const grant = await tx.grant.create({
      data: {
        projectId: project.id,
        environmentId: environment.id,
        userId: user.id,
        grantedById: actor.id,
        reason,
        expiresAt,
      },
    });
    await emit(tx, {
      topics: [`project:${key}`, `user:${user.username}`],
      type: "grant.created",
      data: { project: key },
    });
    await recordAudit(tx, {
      actor,
      action: "grant.create",
      subject: "grant",
      subjectId: grant.id,
      projectKey: key,
      data: { user: user.username, environment: environment.key, reason, expiresAt },
    });
  });
  return getProject(actor, key);
}

export async function revokeGrant(input: { actor: Actor; project: string; grant: string }) {
  const { actor, project: key, grant } = input;
  const project = await readProject(actor, key);
  requirePermission(actor, "project.manage", project.id);
  await transaction(async (tx) => {
    const { count } = await tx.grant.updateMany({
      where: { id: grant, projectId: project.id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw new AppError("NOT_FOUND", "no such grant");
    await emit(tx, { topics: [`project:${key}`], type: "grant.revoked", data: { project: key } });
    await recordAudit(tx, {
      actor,
      action: "grant.revoke",
      subject: "grant",
      subjectId: grant,
      projectKey: key,
    });
  });
  return getProject(actor, key);
}
