import { endpoint } from "#lib/http/endpoint.ts";
import { projectParams } from "#lib/projects/schema.ts";
import {
  buildChoicesSchema,
  buildJobSchema,
  buildServerListSchema,
  buildServerParams,
  buildServerSchema,
  createBuildServerSchema,
  updateBuildServerSchema,
} from "./schema.ts";

const tag = "build-servers";
export const listBuildServersApi = endpoint({
  method: "GET",
  path: "/build-servers",
  tag,
  summary: "Registered build servers (admin)",
  answer: buildServerListSchema,
});
export const listBuildChoicesApi = endpoint({
  method: "GET",
  path: "/projects/{project}/build-servers",
  tag,
  summary: "Build servers that a project may build on, with their labels",
  params: projectParams,
  answer: buildChoicesSchema,
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
export const updateBuildServerApi = endpoint({
  method: "PATCH",
  path: "/build-servers/{buildServer}",
  tag,
  summary: "Change a Jenkins, or take it out of use (admin)",
  params: buildServerParams,
  body: updateBuildServerSchema,
  answer: buildServerSchema,
});
export const readBuildJobApi = endpoint({
  method: "GET",
  path: "/build-servers/{buildServer}/job",
  tag,
  summary: "The build job as Jenkinsfile, casc.yaml and config.xml, to paste (admin)",
  params: buildServerParams,
  answer: buildJobSchema,
});
export const checkBuildServerApi = endpoint({
  method: "POST",
  path: "/build-servers/{buildServer}/check",
  tag,
  summary: "Check now: reachable, authenticated, job and parameters (admin)",
  params: buildServerParams,
  answer: buildServerSchema,
});
