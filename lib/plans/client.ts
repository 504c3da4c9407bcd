import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { computePlanApi, getPlanApi } from "./api.ts";

/** Everything about plans; events of a release order make it old. */
export const PLANS_KEY = ["plans"] as const;

export const planQuery = (digest: string) =>
  queryOptions({
    queryKey: [...PLANS_KEY, digest],
    queryFn: ({ signal }) => call(getPlanApi, { params: { digest }, signal }),
  });

/** Computes what a deployment would do now; the same plan again keeps its digest and its approvals. */
export const computePlan = (number: string, environment: string) =>
  call(computePlanApi, { params: { number, environment } });
