import { endpoint } from "#lib/http/endpoint.ts";
import { acceptBuildSchema, buildParams, buildSchema, logQuerySchema, openBuildsSchema } from "./schema.ts";

const tag = "builds";
export const listOpenBuildsApi = endpoint({
  method: "GET",
  path: "/builds",
  tag,
  summary: "Builds that wait or run in the caller's projects, with why they wait and when they will be over",
  answer: openBuildsSchema,
});
export const getBuildApi = endpoint({
  method: "GET",
  path: "/builds/{id}",
  tag,
  summary: "One build with its attempts and parameters",
  params: buildParams,
  answer: buildSchema,
});
export const buildLogApi = endpoint({
  method: "GET",
  path: "/builds/{id}/log",
  tag,
  summary:
    "The log as a file, or the Range of it; with offset what follows that byte, at most 4 MiB: X-Log-Offset names the next one. X-Log-Complete tells the end, X-Log-Generation that stored text was replaced",
  params: buildParams,
  query: logQuerySchema,
  produces: "text/plain",
});
export const abortBuildApi = endpoint({
  method: "POST",
  path: "/builds/{id}/abort",
  tag,
  summary: "Take a build out of the queue, or stop it",
  params: buildParams,
  answer: buildSchema,
  status: 202,
});
export const rebuildApi = endpoint({
  method: "POST",
  path: "/builds/{id}/rebuild",
  tag,
  summary: "Another attempt at the same commit; answers the new build",
  params: buildParams,
  answer: buildSchema,
  status: 202,
});
export const acceptBuildApi = endpoint({
  method: "POST",
  path: "/builds/{id}/accept",
  tag,
  summary: "Accept what the registry has for a build whose outcome is unknown",
  params: buildParams,
  body: acceptBuildSchema,
  answer: buildSchema,
});
