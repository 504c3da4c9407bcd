import { z } from "zod";
import type { ReleaseDto } from "#lib/releases/schema.ts";

/** What a person has filled in so far. `refs` has an entry for each component that is picked. */
export type Draft = { title: string; description: string; refs: Record<string, string> };
export const EMPTY: Draft = { title: "", description: "", refs: {} };

const draftSchema = z.object({
  title: z.string(),
  description: z.string(),
  refs: z.record(z.string(), z.string()),
});

/** A draft as it was kept in the tab, null when it is none. Components that are gone are left out. */
export function parseDraft(text: string | null, components: readonly string[]): Draft | null {
  if (text === null) return null;
  try {
    const draft = draftSchema.parse(JSON.parse(text));
    const refs = Object.entries(draft.refs).filter(([component]) => components.includes(component));
    return { ...draft, refs: Object.fromEntries(refs) };
  } catch {
    return null;
  }
}

/** What a draft takes of a release order. */
type Like = Pick<ReleaseDto, "title" | "description"> & {
  items: Pick<ReleaseDto["items"][number], "component" | "ref">[];
};

export const draftOf = (release: Like): Draft => ({
  title: release.title,
  description: release.description,
  refs: Object.fromEntries(release.items.map((item) => [item.component, item.ref])),
});

/** A new draft of what another release order has, as far as it is still there. */
export function draftLike(release: Like, components: readonly { key: string }[]): Draft {
  const { refs, ...texts } = draftOf(release);
  const there = Object.entries(refs).filter(([component]) => components.some(({ key }) => key === component));
  return { ...texts, refs: Object.fromEntries(there) };
}

export const itemsOf = (draft: Draft) =>
  Object.entries(draft.refs).map(([component, ref]) => ({ component, ref }));

/** A key for one content: a second click, or a second try after a lost answer, makes nothing twice. */
export class ClickKeys {
  readonly #keys = new Map<string, string>();
  keyOf(content: unknown): string {
    const text = JSON.stringify(content);
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    // Not randomUUID: it is missing where the portal is reached over plain http inside a network.
    const made = [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    this.#keys.set(text, made);
    return made;
  }
}
