import { z } from "zod";

export const searchQuerySchema = z.object({ q: z.string().trim().min(2).max(100) });

/** A place that the palette can open. `projects` holds projects and components, `numbers` release orders. */
export const searchResultSchema = z.object({
  group: z.enum(["projects", "numbers"]),
  label: z.string(),
  hint: z.string().optional(),
  href: z.string().startsWith("/"),
});
export type SearchResult = z.infer<typeof searchResultSchema>;
export const searchAnswerSchema = z.object({ items: z.array(searchResultSchema) });
