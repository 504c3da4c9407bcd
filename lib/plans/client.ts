import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { choosePlanApi, computePlanApi, exportPlanApi, getPlanApi } from "./api.ts";
import type { ConflictChoice } from "./content.ts";

/** Everything about plans; events of a release order make it old. */
export const PLANS_KEY = ["plans"] as const;

export const planQuery = (digest: string) =>
  queryOptions({
    queryKey: [...PLANS_KEY, digest],
    queryFn: ({ signal }) => call(getPlanApi, { params: { digest }, signal }),
  });

/** Computes what a deployment would do now; the same plan again keeps its digest and its approvals. */
export const computePlan = (number: string, environment: string) =>
  call(computePlanApi, { params: { number, environment }, body: {} });

/** Computes a plan again with these choices about fields that others own; it gets another digest. */
export const choosePlan = (digest: string, choices: ConflictChoice[]) =>
  call(choosePlanApi, { params: { digest }, body: { choices } });

/** Everything about a plan for auditors; that it was taken is on record. */
export const exportPlan = (digest: string) => call(exportPlanApi, { params: { digest } });
