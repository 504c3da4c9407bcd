import { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { can, mayEditTemplate } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { toPage } from "#lib/http/page.ts";
import { pickTemplate } from "./resolve.ts";
import type { TemplateDto, TemplateSummaryDto, templateQuerySchema } from "./schema.ts";

const VERSIONS = 200;
const person = { select: { username: true, displayName: true } };
const select = {
  id: true,
  name: true,
  environmentId: true,
  projectId: true,
  componentId: true,
  currentVersion: true,
  environment: { select: { key: true, kind: true } },
  project: { select: { key: true } },
  component: { select: { key: true } },
  versions: {
    orderBy: { version: "desc" as const },
    take: 1,
    select: { version: true, createdAt: true, createdBy: person },
  },
};
type Row = {
  id: string;
  name: string;
  projectId: string | null;
  currentVersion: number;
  environment: { key: string; kind: string };
  project: { key: string } | null;
  component: { key: string } | null;
  versions: { version: number; createdAt: Date; createdBy: { username: string; displayName: string } }[];
};
const kindSchema = z.enum(["open", "controlled"]);

function summaryOf(row: Row, actor: Actor): TemplateSummaryDto {
  const [last] = row.versions;
  if (!last) throw new Error(`template ${row.id} has no version`);
  return {
    id: row.id,
    name: row.name,
    environment: row.environment.key,
    project: row.project?.key ?? null,
    component: row.component?.key ?? null,
    version: row.currentVersion,
    updatedAt: last.createdAt.toISOString(),
    updatedBy: last.createdBy,
    mayEdit: mayEditTemplate(actor.rights, row.projectId, kindSchema.parse(row.environment.kind)),
  };
}

/** Templates that the actor may read: global ones, and those of readable projects. */
export async function listTemplates(actor: Actor, query: z.output<typeof templateQuerySchema>) {
  const ids = readableProjects(actor);
  const rows = await db.template.findMany({
    where: {
      AND: [
        ids ? { OR: [{ projectId: null }, { projectId: { in: ids } }] } : {},
        query.environment ? { environment: { key: query.environment } } : {},
        query.project ? { OR: [{ projectId: null }, { project: { key: query.project } }] } : {},
      ],
      ...(query.cursor ? { id: { gt: query.cursor } } : {}),
    },
    orderBy: { id: "asc" },
    take: query.limit + 1,
    select,
  });
  const page = toPage(rows, query.limit, ({ id }) => id);
  return { ...page, items: page.items.map((row) => summaryOf(row, actor)) };
}

/** The row behind an id, after the right to read it. @throws AppError NOT_FOUND */
export async function readTemplate(actor: Actor, id: string) {
  const row = await db.template.findUnique({ where: { id }, select });
  if (!row || (row.projectId && !can(actor.rights, "project.read", row.projectId))) {
    throw new AppError("NOT_FOUND", "no such template");
  }
  return row;
}

export async function getTemplate(actor: Actor, id: string): Promise<TemplateDto> {
  const row = await readTemplate(actor, id);
  const current = await db.templateVersion.findUniqueOrThrow({
    where: { templateId_version: { templateId: id, version: row.currentVersion } },
    select: { body: true, comment: true },
  });
  return { ...summaryOf(row, actor), ...current, usedBy: await usedBy(actor, row) };
}

export async function listTemplateVersions(actor: Actor, id: string) {
  await readTemplate(actor, id);
  const rows = await db.templateVersion.findMany({
    where: { templateId: id },
    orderBy: { version: "desc" },
    take: VERSIONS,
    select: { version: true, body: true, comment: true, createdAt: true, createdBy: person },
  });
  return { items: rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })) };
}

/** Components whose plans would render this template, by the same rule that plans use. */
async function usedBy(
  actor: Actor,
  template: { id: string; environmentId: string; projectId: string | null },
) {
  const ids = template.projectId ? [template.projectId] : readableProjects(actor);
  const { environmentId } = template;
  const candidates = await db.template.findMany({
    where: { environmentId },
    select: { id: true, name: true, environmentId: true, projectId: true, componentId: true },
  });
  const components = await db.component.findMany({
    where: {
      archivedAt: null,
      project: { environments: { some: { environmentId } } },
      ...(ids ? { projectId: { in: ids } } : {}),
    },
    orderBy: [{ project: { key: "asc" } }, { key: "asc" }],
    select: {
      id: true,
      key: true,
      projectId: true,
      project: { select: { key: true } },
      configs: { where: { environmentId }, select: { templateId: true } },
    },
  });
  return components
    .filter(({ id: componentId, projectId, configs }) => {
      const configTemplateId = configs[0]?.templateId ?? null;
      return (
        pickTemplate(candidates, { configTemplateId, environmentId, projectId, componentId })?.id ===
        template.id
      );
    })
    .map(({ key, project }) => ({ project: project.key, component: key }));
}
