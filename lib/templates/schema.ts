import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { manifestSchema } from "#lib/plans/content.ts";

const person = z.object({ username: z.string(), displayName: z.string() });
const body = z
  .string()
  .min(1)
  .max(256 * 1024);
const name = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, "letters, digits, spaces, dots, hyphens");
const comment = z.string().trim().max(500).default("");

export const templateSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  environment: z.string(),
  /** Null: global. */
  project: z.string().nullable(),
  component: z.string().nullable(),
  version: z.number(),
  updatedAt: z.string(),
  updatedBy: person,
  mayEdit: z.boolean(),
});
export type TemplateSummaryDto = z.infer<typeof templateSummarySchema>;
export const templateListSchema = pageOf(templateSummarySchema);
export const templateQuerySchema = idPageQuerySchema.extend({
  environment: z.string().optional(),
  project: z.string().optional(),
});

export const templateSchema = templateSummarySchema.extend({
  body: z.string(),
  comment: z.string(),
  /** Components whose plans render it, of projects that the caller may read. */
  usedBy: z.array(z.object({ project: z.string(), component: z.string() })),
});
export type TemplateDto = z.infer<typeof templateSchema>;

export const templateParams = z.object({ id: z.uuid() });
export const createTemplateSchema = z
  .object({
    name,
    environment: z.string(),
    project: z.string().optional(),
    component: z.string().optional(),
    body,
    comment,
  })
  .refine(({ project, component }) => !component || project, {
    path: ["project"],
    message: "a component is of a project",
  });
export const updateTemplateSchema = z.object({
  version: z.int32(),
  name: name.optional(),
  body,
  comment,
});

export const templateVersionsSchema = z.object({
  items: z.array(
    z.object({
      version: z.number(),
      body: z.string(),
      comment: z.string(),
      createdBy: person,
      createdAt: z.string(),
    }),
  ),
});

export const previewSchema = z.object({
  body,
  project: z.string(),
  component: z.string(),
  /** Left out: every environment of the project. */
  environment: z.string().optional(),
});
export const previewAnswerSchema = z.object({
  items: z.array(
    z.object({
      environment: z.string(),
      cluster: z.string(),
      namespace: z.string(),
      ok: z.boolean(),
      /** Null when it could not be rendered. */
      text: z.string().nullable(),
      objects: z.array(manifestSchema.pick({ apiVersion: true, kind: true }).extend({ name: z.string() })),
      /** `RENDER_FAILED` names a line of the template, the others one of the rendered text. */
      problems: z.array(z.object({ code: z.string(), message: z.string(), line: z.number().nullable() })),
    }),
  ),
});
export type PreviewDto = z.infer<typeof previewAnswerSchema>;
