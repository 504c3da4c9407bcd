import { z } from "zod";
import { type Actor, forbidden } from "#lib/access/actor.ts";
import { mayEditTemplate } from "#lib/access/policy.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { readProject } from "#lib/projects/queries.ts";
import { transaction } from "#lib/transaction.ts";
import { sampleContext } from "./preview.ts";
import { getTemplate, readTemplate } from "./queries.ts";
import { renderAll } from "./render.ts";
import type { createTemplateSchema, TemplateDto, updateTemplateSchema } from "./schema.ts";

const kindSchema = z.enum(["open", "controlled"]);

function requireEdit(actor: Actor, projectId: string | null, kind: string): void {
  if (mayEditTemplate(actor.rights, projectId, kindSchema.parse(kind))) return;
  const permission =
    kind === "open" ? ("template.edit.open" as const) : ("template.edit.controlled" as const);
  throw forbidden(projectId === null ? "platform.manage" : permission);
}

/** A text that no template engine can read is not saved; what it says for a component is the preview's matter. */
async function requireSyntax(body: string): Promise<void> {
  const [result] = await renderAll([{ source: body, context: sampleContext() }]);
  if (!result || result.ok || !result.message.startsWith("syntax error")) return;
  const issues = [{ path: "body", message: result.message, line: result.line }];
  throw new AppError("INVALID_INPUT", `line ${result.line}: ${result.message}`, { facts: { issues } });
}

/**
 * A new template, at version 1.
 * @throws AppError FORBIDDEN; NOT_FOUND; INVALID_INPUT (syntax, with its line); CONFLICT when the name is taken there
 */
export async function createTemplate(
  input: { actor: Actor } & z.output<typeof createTemplateSchema>,
): Promise<TemplateDto> {
  const { actor, name, body, comment } = input;
  const project = input.project ? await readProject(actor, input.project) : null;
  const environment = await db.environment.findUnique({
    where: { key: input.environment },
    select: { id: true, key: true, kind: true },
  });
  if (!environment) throw new AppError("INVALID_INPUT", `no environment ${input.environment}`);
  requireEdit(actor, project?.id ?? null, environment.kind);
  const component =
    project && input.component
      ? await db.component.findUnique({
          where: { projectId_key: { projectId: project.id, key: input.component } },
          select: { id: true, key: true },
        })
      : null;
  if (input.component && !component) throw new AppError("INVALID_INPUT", `no component ${input.component}`);
  await requireSyntax(body);
  const place = {
    environmentId: environment.id,
    projectId: project?.id ?? null,
    componentId: component?.id ?? null,
  };
  const id = await transaction(async (tx) => {
    if (await tx.template.findFirst({ where: { ...place, name }, select: { id: true } })) {
      throw new AppError("CONFLICT", `there is a template ${name} already`);
    }
    const created = await tx.template.create({
      data: { ...place, name, versions: { create: { version: 1, body, comment, createdById: actor.id } } },
      select: { id: true },
    });
    await told(tx, actor, "create", {
      id: created.id,
      name,
      version: 1,
      comment,
      environment: environment.key,
      project: project?.key ?? null,
    });
    return created.id;
  });
  return getTemplate(actor, id);
}

/**
 * Saves a template as a new version; earlier ones stay.
 * @throws AppError FORBIDDEN; NOT_FOUND; INVALID_INPUT (syntax, with its line); CONFLICT; VERSION_CONFLICT
 */
export async function updateTemplate(
  input: { actor: Actor; id: string } & z.output<typeof updateTemplateSchema>,
): Promise<TemplateDto> {
  const { actor, id, version, body, comment } = input;
  const row = await readTemplate(actor, id);
  requireEdit(actor, row.projectId, row.environment.kind);
  await requireSyntax(body);
  const name = input.name ?? row.name;
  const { environmentId, projectId, componentId } = row;
  await transaction(async (tx) => {
    const taken = await tx.template.findFirst({
      where: { environmentId, projectId, componentId, name, id: { not: id } },
      select: { id: true },
    });
    if (taken) throw new AppError("CONFLICT", `there is a template ${name} already`);
    const next = version + 1;
    const { count } = await tx.template.updateMany({
      where: { id, currentVersion: version },
      data: { currentVersion: next, name },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the template was saved meanwhile");
    await tx.templateVersion.create({
      data: { templateId: id, version: next, body, comment, createdById: actor.id },
    });
    await told(tx, actor, "update", {
      id,
      name,
      version: next,
      comment,
      environment: row.environment.key,
      project: row.project?.key ?? null,
    });
  });
  return getTemplate(actor, id);
}

async function told(
  tx: Tx,
  actor: Actor,
  verb: "create" | "update",
  facts: {
    id: string;
    name: string;
    version: number;
    comment: string;
    environment: string;
    project: string | null;
  },
): Promise<void> {
  const { id, project, ...after } = facts;
  // A global template concerns every project; those who edit templates read it again when they open it.
  if (project) {
    await emit(tx, {
      topics: [`project:${project}`],
      type: verb === "create" ? "template.created" : "template.updated",
      data: { id, name: after.name, version: after.version, environment: after.environment },
    });
  }
  await recordAudit(tx, {
    actor,
    action: `template.${verb}`,
    subject: "template",
    subjectId: id,
    projectKey: project,
    data: { after },
  });
}
