import { endpoint } from "#lib/http/endpoint.ts";
import {
  buildServerCheckSchema,
  buildServerListSchema,
  buildServerParams,
  buildServerSchema,
  createBuildServerSchema,
} from "./schema.ts";

const tag = "build-servers";
export const listBuildServersApi = endpoint({
  method: "GET",
  path: "/build-servers",
  tag,
  summary: "Registered build servers (admin)",
  answer: buildServerListSchema,
});
export const createBuildServerApi = endpoint({
  method: "POST",
  path: "/build-servers",
  tag,
  summary: "Register a Jenkins (admin)",
  body: createBuildServerSchema,
  answer: buildServerSchema,
  status: 201,
});
export const checkBuildServerApi = endpoint({
  method: "POST",
  path: "/build-servers/{buildServer}/check",
  tag,
  summary: "Check now: reachable, authenticated, job and parameters (admin)",
  params: buildServerParams,
  answer: buildServerCheckSchema,
});
