import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { readServers } from "#lib/builds/server-choice.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { refuseForeignGit } from "#lib/connections/refuse.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { readProject } from "#lib/projects/queries.ts";
import { transaction } from "#lib/transaction.ts";
import { getComponent, readComponent } from "./queries.ts";
import type { createComponentSchema, updateComponentSchema, variableSchema } from "./schema.ts";

async function pickServer(kind: "buildServer" | "registry", key: string | undefined): Promise<string> {
  const rows =
    kind === "buildServer"
      ? await db.buildServer.findMany({ where: key ? { key } : {}, select: { id: true }, take: 2 })
      : await db.registry.findMany({ where: key ? { key } : {}, select: { id: true }, take: 2 });
  const [only, second] = rows;
  if (!only) throw new AppError("INVALID_INPUT", key ? `no ${kind} ${key}` : `no ${kind} is registered yet`);
  if (second) throw new AppError("INVALID_INPUT", `there are several: name the ${kind}`);
  return only.id;
}

/** @throws AppError FORBIDDEN; INVALID_INPUT, of an address where no Git host may be with its blocker; CONFLICT */
export async function createComponent(
  input: { actor: Actor; project: string } & z.infer<typeof createComponentSchema>,
) {
  const { actor, project: projectKey, buildServer, registry, ...fields } = input;
  const project = await readProject(actor, projectKey);
  requirePermission(actor, "config.edit.open", project.id);
  await refuseForeignGit(fields.gitUrl);
  const [buildServerId, registryId] = await Promise.all([
    pickServer("buildServer", buildServer),
    pickServer("registry", registry),
  ]);
  await transaction(async (tx) => {
    const exists = await tx.component.findUnique({
      where: { projectId_key: { projectId: project.id, key: fields.key } },
      select: { id: true },
    });
    if (exists) throw new AppError("CONFLICT", `component ${fields.key} exists`);
    await tx.component.create({ data: { ...fields, projectId: project.id, buildServerId, registryId } });
    await emit(tx, {
      topics: [`project:${projectKey}`],
      type: "component.created",
      data: { component: fields.key },
    });
    await recordAudit(tx, {
      actor,
      action: "component.create",
      subject: "component",
      subjectId: `${projectKey}/${fields.key}`,
      projectKey,
      data: { after: fields },
    });
  });
  return getComponent(actor, projectKey, fields.key);
}

/** Fields and, where given, the whole list of build variables (a missing one is removed). */
export async function updateComponent(
  input: { actor: Actor; project: string; component: string } & z.infer<typeof updateComponentSchema>,
) {
  const { actor, project: projectKey, component: key, ...changes } = input;
  const { version, variables, archived, buildServer, buildLabel, ...fields } = changes;
  const { project, component } = await readComponent(actor, projectKey, key);
  requirePermission(actor, "config.edit.open", project.id);
  const before = await getComponent(actor, projectKey, key);
  // Every edit sends the address along; what is kept already is looked at whenever it is asked.
  if (fields.gitUrl !== undefined && fields.gitUrl !== component.gitUrl)
    await refuseForeignGit(fields.gitUrl);
  const place = await placeOf(projectKey, { buildServer, buildLabel });
  await transaction(async (tx) => {
    const { count } = await tx.component.updateMany({
      where: { id: component.id, version },
      data: {
        ...fields,
        ...place,
        ...(archived === undefined ? {} : { archivedAt: archived ? new Date() : null }),
        version: version + 1,
      },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the component was changed meanwhile");
    if (variables) await setVariables(tx, component.id, variables);
    const after = await tx.buildVariable.findMany({
      where: { componentId: component.id },
      select: { name: true, secret: true, value: true, version: true },
    });
    await emit(tx, {
      topics: [`project:${projectKey}`],
      type: "component.updated",
      data: { component: key },
    });
    await recordAudit(tx, {
      actor,
      action: "component.update",
      subject: "component",
      subjectId: `${projectKey}/${key}`,
      projectKey,
      data: {
        before: { ...before, mayEdit: undefined },
        after: {
          ...fields,
          buildServer,
          buildLabel,
          archived,
          variables: after.map((row) => (row.secret ? { ...row, value: null } : row)),
        },
      },
    });
  });
  return getComponent(actor, projectKey, key);
}

/** Where it is built from now on. @throws AppError INVALID_INPUT for what no server open to the project is or carries */
async function placeOf(
  project: string,
  { buildServer, buildLabel }: { buildServer?: string | undefined; buildLabel?: string | undefined },
): Promise<{ buildServerId?: string; buildLabel?: string }> {
  if (buildServer === undefined && buildLabel === undefined) return {};
  const servers = (await readServers(db)).filter(
    ({ projects }) => projects.length === 0 || projects.includes(project),
  );
  const server = servers.find(({ key }) => key === buildServer);
  if (buildServer !== undefined && !server) {
    throw new AppError("INVALID_INPUT", `no build server ${buildServer} is open to ${project}`);
  }
  if (buildLabel && !servers.some(({ labels }) => labels.includes(buildLabel))) {
    throw new AppError("INVALID_INPUT", `no build server open to ${project} has the label ${buildLabel}`);
  }
  return {
    ...(server ? { buildServerId: server.id } : {}),
    ...(buildLabel === undefined ? {} : { buildLabel }),
  };
}

async function setVariables(
  tx: Tx,
  componentId: string,
  variables: z.infer<typeof variableSchema>[],
): Promise<void> {
  const names = variables.map(({ name }) => name);
  if (new Set(names).size !== names.length)
    throw new AppError("INVALID_INPUT", "a build variable is named twice");
  await tx.buildVariable.deleteMany({ where: { componentId, name: { notIn: names } } });
  const known = new Map(
    (await tx.buildVariable.findMany({ where: { componentId } })).map((row) => [row.name, row]),
  );
  for (const { name, secret, value } of variables) {
    const row = known.get(name);
    if (row && row.secret === secret && (value === undefined || (!secret && value === row.value))) continue;
    if (value === undefined) throw new AppError("INVALID_INPUT", `build variable ${name} needs a value`);
    const stored = secret
      ? {
          secret,
          value: null,
          valueEncrypted: encryptSecret(value, secretContext.buildVariable(componentId, name)),
        }
      : { secret, value, valueEncrypted: null };
    await tx.buildVariable.upsert({
      where: { componentId_name: { componentId, name } },
      create: { componentId, name, ...stored },
      update: { ...stored, version: { increment: 1 } },
    });
  }
}
