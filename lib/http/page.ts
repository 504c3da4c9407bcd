import { z } from "zod";

/** Query of every list: `?cursor=&limit=`. */
export const pageQuerySchema = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Of a list in the order of ids. */
export const idPageQuerySchema = pageQuerySchema.extend({ cursor: z.uuid().optional() });
export type PageQuery = z.infer<typeof pageQuerySchema>;

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Cuts `rows` (one more than `limit` was asked for) into a page; the cursor is the last row's key. */
export function toPage<Row>(
  rows: Row[],
  limit: number,
  key: (row: Row) => string,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? key(last) : null };
}
