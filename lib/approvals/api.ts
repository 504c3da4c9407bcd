import { endpoint } from "#lib/http/endpoint.ts";
import { planParams, planSchema } from "#lib/plans/schema.ts";
import { decideSchema, inboxQuerySchema, inboxSchema } from "./schema.ts";

const tag = "approvals";
export const decidePlanApi = endpoint({
  method: "POST",
  path: "/plans/{digest}/approvals",
  tag,
  summary: "Approve or reject a plan",
  params: planParams,
  body: decideSchema,
  answer: planSchema,
  status: 201,
});
export const listApprovalsApi = endpoint({
  method: "GET",
  path: "/approvals",
  tag,
  summary: "Plans that wait for the caller's decision, or that the caller decided",
  query: inboxQuerySchema,
  answer: inboxSchema,
});
