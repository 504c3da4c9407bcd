import { endpoint } from "#lib/http/endpoint.ts";
import { projectParams } from "#lib/projects/schema.ts";
import {
  componentListSchema,
  componentParams,
  componentSchema,
  createComponentSchema,
  updateComponentSchema,
} from "./schema.ts";

const tag = "components";
export const listComponentsApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components",
  tag,
  summary: "Components of a project",
  params: projectParams,
  answer: componentListSchema,
});
export const createComponentApi = endpoint({
  method: "POST",
  path: "/projects/{project}/components",
  tag,
  summary: "Add a component",
  params: projectParams,
  body: createComponentSchema,
  answer: componentSchema,
  status: 201,
});
export const getComponentApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components/{component}",
  tag,
  summary: "One component with its build variables (secret values are never returned)",
  params: componentParams,
  answer: componentSchema,
});
export const updateComponentApi = endpoint({
  method: "PATCH",
  path: "/projects/{project}/components/{component}",
  tag,
  summary: "Change a component or its build variables",
  params: componentParams,
  body: updateComponentSchema,
  answer: componentSchema,
});
