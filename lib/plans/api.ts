import { endpoint } from "#lib/http/endpoint.ts";
import { planEvidenceSchema } from "./evidence-schema.ts";
import { choosePlanSchema, computePlanSchema, planParams, planSchema, stagePlanParams } from "./schema.ts";

const tag = "plans";
export const computePlanApi = endpoint({
  method: "POST",
  path: "/releases/{number}/stages/{environment}/plan",
  tag,
  summary: "Compute what a deployment would do, without doing it",
  params: stagePlanParams,
  body: computePlanSchema,
  answer: planSchema,
  status: 200,
});
export const getPlanApi = endpoint({
  method: "GET",
  path: "/plans/{digest}",
  tag,
  summary: "A plan, its approvals and how it stands now",
  params: planParams,
  answer: planSchema,
});
export const choosePlanApi = endpoint({
  method: "POST",
  path: "/plans/{digest}/choices",
  tag,
  summary: "Compute a plan again with other choices about fields that others own",
  params: planParams,
  body: choosePlanSchema,
  answer: planSchema,
  status: 200,
});
/** No GET: that somebody took it is written down. */
export const exportPlanApi = endpoint({
  method: "POST",
  path: "/plans/{digest}/evidence",
  tag,
  summary: "Everything about a plan as a file for auditors; each export is on record",
  params: planParams,
  answer: planEvidenceSchema,
  status: 200,
});
