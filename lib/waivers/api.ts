import { endpoint } from "#lib/http/endpoint.ts";
import {
  askWaiverSchema,
  decideWaiverSchema,
  waiverListSchema,
  waiverParams,
  waiverQuerySchema,
  waiverSchema,
} from "./schema.ts";

const tag = "waivers";
export const listWaiversApi = endpoint({
  method: "GET",
  path: "/waivers",
  tag,
  summary: "Waivers of image policies, the latest first",
  query: waiverQuerySchema,
  answer: waiverListSchema,
});
export const askWaiverApi = endpoint({
  method: "POST",
  path: "/waivers",
  tag,
  summary: "Ask for something that an image policy refuses to be let through for a time",
  body: askWaiverSchema,
  answer: waiverSchema,
  status: 201,
});
export const decideWaiverApi = endpoint({
  method: "POST",
  path: "/waivers/{id}/decision",
  tag,
  summary: "Grant or decline a waiver that somebody else asked for",
  params: waiverParams,
  body: decideWaiverSchema,
  answer: waiverSchema,
  status: 200,
});
export const revokeWaiverApi = endpoint({
  method: "DELETE",
  path: "/waivers/{id}",
  tag,
  summary: "Take a waiver back before its end",
  params: waiverParams,
  answer: waiverSchema,
});
