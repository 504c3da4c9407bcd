import { endpoint } from "#lib/http/endpoint.ts";
import {
  changesQuerySchema,
  changesSchema,
  createReleaseSchema,
  movedRefsQuerySchema,
  movedRefsSchema,
  refsSchema,
  releaseListSchema,
  releaseParams,
  releaseQuerySchema,
  releaseSchema,
  timelineQuerySchema,
  timelineSchema,
  updateReleaseSchema,
} from "./schema.ts";

const tag = "releases";
export const listReleasesApi = endpoint({
  method: "GET",
  path: "/releases",
  tag,
  summary: "Release orders that the caller may read, newest first",
  query: releaseQuerySchema,
  answer: releaseListSchema,
});
export const createReleaseApi = endpoint({
  method: "POST",
  path: "/releases",
  tag,
  summary: "Create a release order",
  body: createReleaseSchema,
  answer: releaseSchema,
  status: 201,
});
export const getReleaseApi = endpoint({
  method: "GET",
  path: "/releases/{number}",
  tag,
  summary: "One release order: items, stages, what happens next",
  params: releaseParams,
  answer: releaseSchema,
});
export const updateReleaseApi = endpoint({
  method: "PATCH",
  path: "/releases/{number}",
  tag,
  summary: "Change a draft",
  params: releaseParams,
  body: updateReleaseSchema,
  answer: releaseSchema,
});
export const buildReleaseApi = endpoint({
  method: "POST",
  path: "/releases/{number}/build",
  tag,
  summary: "Freeze the refs and build every item that has no artifact",
  params: releaseParams,
  answer: releaseSchema,
  status: 202,
});
export const abandonReleaseApi = endpoint({
  method: "POST",
  path: "/releases/{number}/abandon",
  tag,
  summary: "Give a release order up",
  params: releaseParams,
  answer: releaseSchema,
  status: 202,
});
export const releaseTimelineApi = endpoint({
  method: "GET",
  path: "/releases/{number}/timeline",
  tag,
  summary: "Who did what and when, newest first",
  params: releaseParams,
  query: timelineQuerySchema,
  answer: timelineSchema,
});
export const releaseChangesApi = endpoint({
  method: "GET",
  path: "/releases/{number}/changes",
  tag,
  summary: "Commits since what runs in an environment",
  params: releaseParams,
  query: changesQuerySchema,
  answer: changesSchema,
});
export const releaseRefsApi = endpoint({
  method: "GET",
  path: "/releases/{number}/refs",
  tag,
  summary: "Where the frozen refs point now: as frozen, further on, moved, rewritten or gone",
  params: releaseParams,
  answer: refsSchema,
});
export const movedRefsApi = endpoint({
  method: "GET",
  path: "/moved-refs",
  tag,
  summary: "Which refs of release orders on their way point elsewhere than when they were frozen",
  query: movedRefsQuerySchema,
  answer: movedRefsSchema,
});
