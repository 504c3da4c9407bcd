import { z } from "zod";

/** A place or an action that the palette can open. `group` names the heading below which it stands. */
export const paletteResultSchema = z.object({
  group: z.enum(["actions", "pages", "projects", "numbers"]),
  label: z.string(),
  hint: z.string().optional(),
  href: z.string().startsWith("/"),
});
export type PaletteResult = z.infer<typeof paletteResultSchema>;
export const PALETTE_GROUPS = ["actions", "numbers", "pages", "projects"] as const;

/** What fits a query: every word of it stands somewhere in label, hint or address. An empty query fits all. */
export function matching(results: PaletteResult[], query: string): PaletteResult[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return results.filter(({ label, hint, href }) => {
    const text = `${label} ${hint ?? ""} ${href}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
