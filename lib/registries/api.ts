import { endpoint } from "#lib/http/endpoint.ts";
import {
  createRegistrySchema,
  registryCheckSchema,
  registryListSchema,
  registryParams,
  registrySchema,
} from "./schema.ts";

const tag = "registries";
export const listRegistriesApi = endpoint({
  method: "GET",
  path: "/registries",
  tag,
  summary: "Registered image registries (admin)",
  answer: registryListSchema,
});
export const createRegistryApi = endpoint({
  method: "POST",
  path: "/registries",
  tag,
  summary: "Register an image registry (admin)",
  body: createRegistrySchema,
  answer: registrySchema,
  status: 201,
});
export const checkRegistryApi = endpoint({
  method: "POST",
  path: "/registries/{registry}/check",
  tag,
  summary: "Check now: reachable and authenticated (admin)",
  params: registryParams,
  answer: registryCheckSchema,
});
