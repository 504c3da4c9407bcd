import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { releaseChangesApi } from "#lib/releases/api.ts";
import { computePlanApi, getPlanApi } from "./api.ts";

/** Everything about plans; events of a release order make it old. */
export const PLANS_KEY = ["plans"] as const;

export const planQuery = (digest: string) =>
  queryOptions({
    queryKey: [...PLANS_KEY, digest],
    queryFn: ({ signal }) => call(getPlanApi, { params: { digest }, signal }),
  });

/** Commits that deploying a release order would bring to an environment. */
export const planChangesQuery = (number: string, environment: string) =>
  queryOptions({
    queryKey: ["releases", number, "changes", environment],
    queryFn: ({ signal }) =>
      call(releaseChangesApi, { params: { number }, query: { against: environment }, signal }),
    // Read from the Git host; only a deployment there changes it.
    staleTime: 5 * 60_000,
  });

/** Computes what a deployment would do now; the same plan again keeps its digest and its approvals. */
export const computePlan = (number: string, environment: string) =>
  call(computePlanApi, { params: { number, environment } });
