import { z } from "zod";
import { endpoint } from "#lib/http/endpoint.ts";
import {
  createGrantSchema,
  createProjectSchema,
  projectDetailSchema,
  projectListSchema,
  projectParams,
  projectQuerySchema,
  setMemberSchema,
  updateProjectSchema,
} from "./schema.ts";

const tag = "projects";
export const listProjectsApi = endpoint({
  method: "GET",
  path: "/projects",
  tag,
  summary: "Projects that the caller may read",
  query: projectQuerySchema,
  answer: projectListSchema,
});
export const createProjectApi = endpoint({
  method: "POST",
  path: "/projects",
  tag,
  summary: "Create a project (admin)",
  body: createProjectSchema,
  answer: projectDetailSchema,
  status: 201,
});
export const getProjectApi = endpoint({
  method: "GET",
  path: "/projects/{project}",
  tag,
  summary: "One project with its members",
  params: projectParams,
  answer: projectDetailSchema,
});
export const updateProjectApi = endpoint({
  method: "PATCH",
  path: "/projects/{project}",
  tag,
  summary: "Names, path and switches",
  params: projectParams,
  body: updateProjectSchema,
  answer: projectDetailSchema,
});
export const setMemberApi = endpoint({
  method: "PUT",
  path: "/projects/{project}/members",
  tag,
  summary: "Set the roles of one member",
  params: projectParams,
  body: setMemberSchema,
  answer: projectDetailSchema,
});
export const createGrantApi = endpoint({
  method: "POST",
  path: "/projects/{project}/grants",
  tag,
  summary: "Grant a time-boxed right to deploy in an open environment",
  params: projectParams,
  body: createGrantSchema,
  answer: projectDetailSchema,
  status: 201,
});
export const revokeGrantApi = endpoint({
  method: "DELETE",
  path: "/projects/{project}/grants/{grant}",
  tag,
  summary: "Revoke a grant",
  params: projectParams.extend({ grant: z.uuid() }),
  answer: projectDetailSchema,
});
