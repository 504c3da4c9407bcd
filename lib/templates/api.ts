import { endpoint } from "#lib/http/endpoint.ts";
import {
  createTemplateSchema,
  previewAnswerSchema,
  previewSchema,
  templateListSchema,
  templateParams,
  templateQuerySchema,
  templateSchema,
  templateVersionsSchema,
  updateTemplateSchema,
} from "./schema.ts";

const tag = "templates";
export const listTemplatesApi = endpoint({
  method: "GET",
  path: "/templates",
  tag,
  summary: "Templates, global ones and those of the caller's projects",
  query: templateQuerySchema,
  answer: templateListSchema,
});
export const createTemplateApi = endpoint({
  method: "POST",
  path: "/templates",
  tag,
  summary: "Create a template: global, of a project, or of one component",
  body: createTemplateSchema,
  answer: templateSchema,
  status: 201,
});
export const getTemplateApi = endpoint({
  method: "GET",
  path: "/templates/{id}",
  tag,
  summary: "One template with its text and where it is used",
  params: templateParams,
  answer: templateSchema,
});
export const updateTemplateApi = endpoint({
  method: "PUT",
  path: "/templates/{id}",
  tag,
  summary: "Save a template as a new version",
  params: templateParams,
  body: updateTemplateSchema,
  answer: templateSchema,
});
export const listTemplateVersionsApi = endpoint({
  method: "GET",
  path: "/templates/{id}/versions",
  tag,
  summary: "Every version of a template, newest first",
  params: templateParams,
  answer: templateVersionsSchema,
});
export const previewTemplateApi = endpoint({
  method: "POST",
  path: "/templates/preview",
  tag,
  summary: "Render a text with a component's real configuration, without saving",
  body: previewSchema,
  answer: previewAnswerSchema,
});
