import { type InfiniteData, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  createGrantApi,
  createProjectApi,
  getProjectApi,
  listProjectsApi,
  revokeGrantApi,
  setMemberApi,
  updateProjectApi,
} from "./api.ts";
import type {
  createGrantSchema,
  createProjectSchema,
  projectListSchema,
  setMemberSchema,
  updateProjectSchema,
} from "./schema.ts";

type ProjectPage = z.infer<typeof projectListSchema>;
const loadProjects = (q: string, cursor: string, signal: AbortSignal) =>
  call(listProjectsApi, { query: { ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) }, signal });

export const projectsQuery = (q: string) =>
  infiniteQueryOptions<ProjectPage, Error, InfiniteData<ProjectPage, string>, string[], string>({
    queryKey: ["projects", q],
    queryFn: ({ signal, pageParam }) => loadProjects(q, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
export const projectQuery = (project: string) =>
  queryOptions({
    queryKey: ["project", project],
    queryFn: ({ signal }) => call(getProjectApi, { params: { project }, signal }),
  });

export const createProject = (body: z.input<typeof createProjectSchema>) => call(createProjectApi, { body });
export const updateProject = (project: string, body: z.input<typeof updateProjectSchema>) =>
  call(updateProjectApi, { params: { project }, body });
export const setMember = (project: string, body: z.input<typeof setMemberSchema>) =>
  call(setMemberApi, { params: { project }, body });
export const createGrant = (project: string, body: z.input<typeof createGrantSchema>) =>
  call(createGrantApi, { params: { project }, body });
export const revokeGrant = (project: string, grant: string) =>
  call(revokeGrantApi, { params: { project, grant } });
