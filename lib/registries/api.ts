import { endpoint } from "#lib/http/endpoint.ts";
import {
  createRegistrySchema,
  registryListSchema,
  registryParams,
  registrySchema,
  updateRegistrySchema,
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
export const updateRegistryApi = endpoint({
  method: "PATCH",
  path: "/registries/{registry}",
  tag,
  summary: "Rename a registry, or give it another address, kind or credential (admin)",
  params: registryParams,
  body: updateRegistrySchema,
  answer: registrySchema,
});
export const checkRegistryApi = endpoint({
  method: "POST",
  path: "/registries/{registry}/check",
  tag,
  summary: "Check now: reachable, authenticated, and what a Harbor tells of itself (admin)",
  params: registryParams,
  answer: registrySchema,
});
export const deleteRegistryApi = endpoint({
  method: "DELETE",
  path: "/registries/{registry}",
  tag,
  summary: "Forget a registry that nothing uses (admin)",
  params: registryParams,
  status: 204,
});
