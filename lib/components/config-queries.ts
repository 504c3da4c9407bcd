import type { Actor } from "#lib/access/actor.ts";
import { mayEditConfig } from "#lib/access/policy.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { configFacts, environmentFacts, templatesFor } from "#lib/plans/facts.ts";
import { readProject } from "#lib/projects/queries.ts";
import { pickTemplate } from "#lib/templates/resolve.ts";
import { type ComponentConfigDto, configVersionsSchema } from "./config-schema.ts";

export type ConfigPlace = { project: string; component: string; environment: string };

/** The project, component and environment of a config, after the right to read them. @throws AppError NOT_FOUND */
export async function readConfigPlace(actor: Actor, place: ConfigPlace) {
  const project = await readProject(actor, place.project);
  const component = await db.component.findUnique({
    where: { projectId_key: { projectId: project.id, key: place.component } },
    select: { id: true, key: true },
  });
  if (!component) throw new AppError("NOT_FOUND", `no component ${place.component}`);
  const environment = await environmentFacts(db, project.id, { key: place.environment });
  return { project, component, environment };
}

/** The row as it is, with names and versions of its secrets; null while nobody has saved it. */
export const findConfig = (tx: Tx, componentId: string, environmentId: string) =>
  tx.componentConfig.findUnique({
    where: { componentId_environmentId: { componentId, environmentId } },
    select: {
      id: true,
      version: true,
      replicas: true,
      cpuRequest: true,
      cpuLimit: true,
      memoryRequest: true,
      memoryLimit: true,
      variables: true,
      templateId: true,
      strategy: true,
      smokeChecks: true,
      secrets: { select: { name: true, version: true, updatedAt: true }, orderBy: { name: "asc" } },
    },
  });

/** A component's configuration in an environment; the defaults while nobody has saved one. */
export async function getConfig(actor: Actor, place: ConfigPlace): Promise<ComponentConfigDto> {
  const { project, component, environment } = await readConfigPlace(actor, place);
  const row = await findConfig(db, component.id, environment.id);
  const { secrets: _versions, ...config } = configFacts(row);
  const templateId = row?.templateId ?? null;
  const templates = await templatesFor(db, {
    projectId: project.id,
    environmentId: environment.id,
    chosen: templateId ? [templateId] : [],
  });
  const template = pickTemplate(templates, {
    configTemplateId: templateId,
    environmentId: environment.id,
    projectId: project.id,
    componentId: component.id,
  });
  return {
    project: project.key,
    component: component.key,
    environment: environment.key,
    ...config,
    secrets: (row?.secrets ?? []).map(({ updatedAt, ...secret }) => ({
      ...secret,
      updatedAt: updatedAt.toISOString(),
    })),
    templateId,
    template: template && { id: template.id, name: template.name, version: template.version },
    mayEdit: mayEditConfig(actor.rights, project.id, environment.kind),
  };
}

const SNAPSHOTS = 100;
const snapshotSchema = configVersionsSchema.shape.items.element.shape.snapshot;

/** The last hundred versions, newest first. */
export async function listConfigVersions(actor: Actor, place: ConfigPlace) {
  const { component, environment } = await readConfigPlace(actor, place);
  const rows = await db.componentConfigVersion.findMany({
    where: { config: { componentId: component.id, environmentId: environment.id } },
    orderBy: { version: "desc" },
    take: SNAPSHOTS,
    select: {
      version: true,
      snapshot: true,
      createdAt: true,
      createdBy: { select: { username: true, displayName: true } },
    },
  });
  return {
    items: rows.map(({ createdAt, snapshot, ...row }) => ({
      ...row,
      createdAt: createdAt.toISOString(),
      snapshot: snapshotSchema.parse(snapshot),
    })),
  };
}
