import { endpoint } from "#lib/http/endpoint.ts";
import { projectParams } from "#lib/projects/schema.ts";
import {
  createEnvironmentSchema,
  environmentListSchema,
  environmentParams,
  environmentSchema,
  setTargetsSchema,
  targetListSchema,
  updateEnvironmentSchema,
} from "./schema.ts";

const tag = "environments";
export const listEnvironmentsApi = endpoint({
  method: "GET",
  path: "/environments",
  tag,
  summary: "Environments in order of rank",
  answer: environmentListSchema,
});
export const createEnvironmentApi = endpoint({
  method: "POST",
  path: "/environments",
  tag,
  summary: "Add an environment (admin)",
  body: createEnvironmentSchema,
  answer: environmentSchema,
  status: 201,
});
export const updateEnvironmentApi = endpoint({
  method: "PATCH",
  path: "/environments/{environment}",
  tag,
  summary: "Change an environment's policy (admin)",
  params: environmentParams,
  body: updateEnvironmentSchema,
  answer: environmentSchema,
});
export const listTargetsApi = endpoint({
  method: "GET",
  path: "/projects/{project}/targets",
  tag,
  summary: "Where the project's environments live",
  params: projectParams,
  answer: targetListSchema,
});
export const setTargetsApi = endpoint({
  method: "PUT",
  path: "/projects/{project}/targets",
  tag,
  summary: "Set the whole list of targets",
  params: projectParams,
  body: setTargetsSchema,
  answer: targetListSchema,
});
