import { endpoint } from "#lib/http/endpoint.ts";
import { searchAnswerSchema, searchQuerySchema } from "./schema.ts";

export const searchApi = endpoint({
  method: "GET",
  path: "/search",
  tag: "search",
  summary:
    "Release orders by number, title, commit or image digest, projects and components: what the caller may read",
  query: searchQuerySchema,
  answer: searchAnswerSchema,
});
