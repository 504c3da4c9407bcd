import { endpoint } from "#lib/http/endpoint.ts";
import {
  createSourceHostSchema,
  sourceHostListSchema,
  sourceHostParams,
  sourceHostSchema,
  updateSourceHostSchema,
} from "./schema.ts";

const tag = "source-hosts";
export const listSourceHostsApi = endpoint({
  method: "GET",
  path: "/source-hosts",
  tag,
  summary: "Registered Git hosts (admin)",
  answer: sourceHostListSchema,
});
export const createSourceHostApi = endpoint({
  method: "POST",
  path: "/source-hosts",
  tag,
  summary: "Register a Git host with the credential for it (admin)",
  body: createSourceHostSchema,
  answer: sourceHostSchema,
  status: 201,
});
export const updateSourceHostApi = endpoint({
  method: "PATCH",
  path: "/source-hosts/{sourceHost}",
  tag,
  summary: "Rename a Git host, or give it another address or credential (admin)",
  params: sourceHostParams,
  body: updateSourceHostSchema,
  answer: sourceHostSchema,
});
export const checkSourceHostApi = endpoint({
  method: "POST",
  path: "/source-hosts/{sourceHost}/check",
  tag,
  summary: "Check now: the repositories of the components there can be read (admin)",
  params: sourceHostParams,
  answer: sourceHostSchema,
});
