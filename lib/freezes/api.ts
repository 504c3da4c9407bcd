import { endpoint } from "#lib/http/endpoint.ts";
import {
  createFreezeSchema,
  freezeListSchema,
  freezeParams,
  freezeQuerySchema,
  freezeSchema,
} from "./schema.ts";

const tag = "freezes";
export const listFreezesApi = endpoint({
  method: "GET",
  path: "/freezes",
  tag,
  summary: "Freeze windows, the latest first",
  query: freezeQuerySchema,
  answer: freezeListSchema,
});
export const createFreezeApi = endpoint({
  method: "POST",
  path: "/freezes",
  tag,
  summary: "Refuse deployments to an environment for a time",
  body: createFreezeSchema,
  answer: freezeSchema,
  status: 201,
});
export const cancelFreezeApi = endpoint({
  method: "DELETE",
  path: "/freezes/{id}",
  tag,
  summary: "End a freeze window early, or call a planned one off",
  params: freezeParams,
  answer: freezeSchema,
});
