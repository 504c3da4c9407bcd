import { endpoint } from "#lib/http/endpoint.ts";
import { commitPageSchema, commitParams } from "./schema.ts";

export const getCommitApi = endpoint({
  method: "GET",
  path: "/projects/{project}/components/{component}/commits/{commit}",
  tag: "sources",
  summary: "A commit: who wrote it, which release orders have it, what was built from it",
  params: commitParams,
  answer: commitPageSchema,
});
