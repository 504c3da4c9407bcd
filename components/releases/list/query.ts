import type { ReleaseQuery } from "#lib/releases/client.ts";
import { SHOWN_STATES, type ShownState } from "#lib/releases/shown-state.ts";

/** What the address may filter by; anything else in it is ignored. */
export const FILTERS = ["project", "state", "component", "mine", "q"] as const;
export type Filters = {
  project?: string;
  state?: ShownState;
  component?: string;
  mine?: "true";
  q?: string;
};
export const PAGE_ROWS = 30;

type Params = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  return text === "" ? undefined : text;
};

/** Filters out of an address. A state that is none is dropped, not refused: old links keep working. */
export function filtersOf(params: Params): Filters {
  const state = SHOWN_STATES.find((known) => known === one(params.state));
  const filters: Filters = {
    project: one(params.project),
    state,
    component: one(params.component),
    mine: one(params.mine) === "true" ? "true" : undefined,
    q: one(params.q)?.slice(0, 100),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

/** The query of one page of the list, the same on the server and in the browser. */
export const listQuery = (filters: Filters, cursor: string | undefined): ReleaseQuery => ({
  ...filters,
  ...(cursor === undefined ? {} : { cursor }),
  limit: PAGE_ROWS,
});

/** Address of the list with these filters; a page other than the first has a cursor. */
export function listHref(filters: Filters, cursor?: string): string {
  const search = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filters[name];
    if (value !== undefined) search.set(name, value);
  }
  if (cursor !== undefined) search.set("cursor", cursor);
  return search.size === 0 ? "/releases" : `/releases?${search}`;
}
