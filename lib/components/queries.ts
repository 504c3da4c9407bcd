import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { readProject } from "#lib/projects/queries.ts";
import type { ComponentDto } from "./schema.ts";

const select = {
  id: true,
  key: true,
  name: true,
  kind: true,
  gitUrl: true,
  subPath: true,
  defaultRef: true,
  baseImage: true,
  dockerfile: true,
  buildCommand: true,
  artifactPath: true,
  port: true,
  version: true,
  archivedAt: true,
  buildLabel: true,
  buildServer: { select: { key: true } },
  registry: { select: { key: true, url: true } },
  variables: {
    select: { name: true, secret: true, value: true, version: true, updatedAt: true },
    orderBy: { name: "asc" as const },
  },
};

const find = (projectId: string) =>
  db.component.findMany({ where: { projectId }, orderBy: { key: "asc" }, select });

/** `<registry host>/<project>/<component>`: where images of a component are pushed. */
export const imageRepository = (registryUrl: string, project: string, component: string): string =>
  `${new URL(registryUrl).host}/${project}/${component}`;

function toDto(
  row: Awaited<ReturnType<typeof find>>[number],
  project: string,
  mayEdit: boolean,
): ComponentDto {
  const { id: _, archivedAt, buildServer, registry, variables, ...rest } = row;
  return {
    ...rest,
    kind: rest.kind as ComponentDto["kind"],
    project,
    imageRepository: imageRepository(registry.url, project, row.key),
    buildServer: buildServer.key,
    registry: registry.key,
    archived: archivedAt !== null,
    variables: variables.map((variable) => ({
      ...variable,
      value: variable.secret ? null : variable.value,
      updatedAt: variable.updatedAt.toISOString(),
    })),
    mayEdit,
  };
}

/** All components of a project, archived ones last. A project has tens of them, so there is one page. */
export async function listComponents(actor: Actor, projectKey: string) {
  const project = await readProject(actor, projectKey);
  const mayEdit = can(actor.rights, "config.edit.open", project.id);
  const rows = await find(project.id);
  const items = rows.map((row) => toDto(row, project.key, mayEdit));
  return { items: items.toSorted((a, b) => Number(a.archived) - Number(b.archived)), nextCursor: null };
}

/** @throws AppError NOT_FOUND */
export async function readComponent(actor: Actor, projectKey: string, key: string) {
  const project = await readProject(actor, projectKey);
  const component = await db.component.findUnique({
    where: { projectId_key: { projectId: project.id, key } },
    select: { id: true, key: true, gitUrl: true, version: true },
  });
  if (!component) throw new AppError("NOT_FOUND", `no component ${key} in ${projectKey}`);
  return { project, component };
}

export async function getComponent(actor: Actor, projectKey: string, key: string): Promise<ComponentDto> {
  const { project } = await readComponent(actor, projectKey, key);
  const row = await db.component.findUniqueOrThrow({
    where: { projectId_key: { projectId: project.id, key } },
    select,
  });
  return toDto(row, project.key, can(actor.rights, "config.edit.open", project.id));
}
