import { KEEP_REASONS } from "#lib/kept-images/reason-schema.ts";
import { type KeptImageFilters, LABEL_STATES } from "#lib/kept-images/schema.ts";

/** Filters as an address has them; what is none is left out. */
export function filtersOf(params: { get(name: string): string | null }): KeptImageFilters {
  const filters: KeptImageFilters = {};
  for (const name of ["search", "project", "environment", "registry"] as const) {
    const value = params.get(name)?.slice(0, 200);
    if (value) filters[name] = value;
  }
  const reason = KEEP_REASONS.find((one) => one === params.get("reason"));
  const label = LABEL_STATES.find((one) => one === params.get("label"));
  return { ...filters, ...(reason ? { reason } : {}), ...(label ? { label } : {}) };
}
