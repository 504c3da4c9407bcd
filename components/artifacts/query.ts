import type { z } from "zod";
import { ARTIFACT_SEVERITIES, type artifactListQuerySchema } from "#lib/artifacts/schema.ts";

/** What the address may filter by; anything else in it is ignored. */
const FILTERS = ["project", "component", "signed", "severity", "base", "behind", "q"] as const;
export type ArtifactFilters = {
  project?: string;
  component?: string;
  signed?: "yes" | "no";
  severity?: (typeof ARTIFACT_SEVERITIES)[number];
  base?: string;
  behind?: "true";
  q?: string;
};
const PAGE_ROWS = 30;

type Params = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  return text === "" ? undefined : text?.slice(0, 200);
};

/** Filters out of an address; what is none is dropped, not refused: old links keep working. */
export function filtersOf(params: Params): ArtifactFilters {
  const filters: ArtifactFilters = {
    project: one(params.project)?.slice(0, 40),
    component: one(params.component)?.slice(0, 40),
    signed: (["yes", "no"] as const).find((known) => known === one(params.signed)),
    severity: ARTIFACT_SEVERITIES.find((known) => known === one(params.severity)),
    base: one(params.base)?.slice(0, 40),
    behind: one(params.behind) === "true" ? "true" : undefined,
    q: one(params.q),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

/** The query of one page of the list, the same on the server and in the browser. */
export const listQuery = (
  filters: ArtifactFilters,
  cursor: string | undefined,
): z.input<typeof artifactListQuerySchema> => ({
  ...filters,
  ...(cursor === undefined ? {} : { cursor }),
  limit: PAGE_ROWS,
});

/** Address of the list with these filters; a page other than the first has a cursor. */
export function listHref(filters: ArtifactFilters, cursor?: string): string {
  const search = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filters[name];
    if (value !== undefined) search.set(name, value);
  }
  if (cursor !== undefined) search.set("cursor", cursor);
  return search.size === 0 ? "/artifacts" : `/artifacts?${search}`;
}
