import { endpoint } from "#lib/http/endpoint.ts";
import { homeSchema } from "./schema.ts";

export const homeApi = endpoint({
  method: "GET",
  path: "/home",
  tag: "home",
  summary:
    "What waits for the caller, the version x environment matrix of the caller's projects, recent activity",
  answer: homeSchema,
});
