import { endpoint } from "#lib/http/endpoint.ts";
import {
  componentConfigSchema,
  configParams,
  configVersionsSchema,
  updateConfigSchema,
} from "./config-schema.ts";

const tag = "components";
export const getConfigApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components/{component}/config/{environment}",
  tag,
  summary: "Replicas, resources, variables and template of a component in an environment",
  params: configParams,
  answer: componentConfigSchema,
});
export const updateConfigApi = endpoint({
  method: "PUT",
  path: "/projects/{project}/components/{component}/config/{environment}",
  tag,
  summary: "Save a component's configuration as a new version",
  params: configParams,
  body: updateConfigSchema,
  answer: componentConfigSchema,
});
export const listConfigVersionsApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components/{component}/config/{environment}/versions",
  tag,
  summary: "What a component's configuration was at each version, newest first",
  params: configParams,
  answer: configVersionsSchema,
});
