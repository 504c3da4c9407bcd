import { type SearchResult, searchAnswerSchema } from "#lib/search/schema.ts";

export type PaletteResult = Omit<SearchResult, "group"> & {
  group: SearchResult["group"] | "actions" | "pages";
};
/** Order in which the groups stand. */
export const PALETTE_GROUPS = ["actions", "numbers", "pages", "projects"] as const;

/** What fits a query: every word of it stands somewhere in label, hint or address. An empty query fits all. */
export function matching(results: PaletteResult[], query: string): PaletteResult[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return results.filter(({ label, hint, href }) => {
    const text = `${label} ${hint ?? ""} ${href}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Own places first, then what was found; the same address within a group stands once. */
export function merged(own: PaletteResult[], found: PaletteResult[]): PaletteResult[] {
  const seen = new Set<string>();
  return [...own, ...found].filter(({ group, href }) => {
    const key = `${group} ${href}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Asks the portal: release orders, commits, digests, projects, components that the reader may see. One letter, a failure
 * and an answer of another shape find nothing: the places of the rail still work.
 */
export async function searchPortal(query: string, signal: AbortSignal): Promise<PaletteResult[]> {
  const text = query.trim();
  if (text.length < 2) return [];
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(text)}`, { signal });
  if (!answer.ok) return [];
  const parsed = searchAnswerSchema.safeParse(await answer.json());
  return parsed.success ? parsed.data.items : [];
}
