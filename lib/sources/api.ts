import { endpoint } from "#lib/http/endpoint.ts";
import {
  commitListSchema,
  commitsQuerySchema,
  refListSchema,
  refsQuerySchema,
  sourceParams,
} from "./schema.ts";

const tag = "sources";
export const listRefsApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components/{component}/refs",
  tag,
  summary: "Branches and tags of a component's repository",
  params: sourceParams,
  query: refsQuerySchema,
  answer: refListSchema,
});
export const listCommitsApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components/{component}/commits",
  tag,
  summary: "Commits reachable from a ref, newest first",
  params: sourceParams,
  query: commitsQuerySchema,
  answer: commitListSchema,
});
