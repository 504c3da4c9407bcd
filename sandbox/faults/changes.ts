import type { Passed } from "./proxy.ts";

/** Calls that change nothing although they are no GET. */
const REVIEW = /\/(selfsubjectaccessreviews|selfsubjectrulesreviews|selfsubjectreviews)$/;

/** Requests that the server heard and that change an object: no dry run, no question. */
export const changes = (requests: readonly Passed[]): Passed[] =>
  requests.filter(
    ({ forwarded, method, path, query }) =>
      forwarded && method !== "GET" && method !== "HEAD" && !query.has("dryRun") && !REVIEW.test(path),
  );

/** How often each object was changed: `PATCH /api/v1/…/configmaps/api` by its number of requests. */
export function changesByObject(requests: readonly Passed[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of changes(requests)) {
    const key = `${method} ${path}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
