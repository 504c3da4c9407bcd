import { z } from "zod";
import { refusedPattern } from "./pattern.ts";

/** Which texts are tickets, and where one is: `$1` to `$9` stand for the pattern's groups, `$0` for all of it. */
export const ticketPatternSchema = z.object({
  pattern: z
    .string()
    .min(1)
    .max(100)
    .refine((pattern) => refusedPattern(pattern) === null, "a simple pattern without repeats in repeats"),
  url: z
    .string()
    .max(500)
    // The host is fixed: whoever writes a commit must not choose where its link leads.
    .regex(/^https?:\/\/[^\s/$@?#\\]+(?:[/?#][^\s\\]*)?$/, "an http or https address with a fixed host")
    .refine(URL.canParse, "an address"),
});
export type TicketPattern = z.infer<typeof ticketPatternSchema>;
export const ticketPatternsSchema = z.array(ticketPatternSchema).max(10);

export const ticketSchema = z.object({
  key: z.string(),
  /** Null where the project has not said where its tickets are. */
  url: z.string().nullable(),
});
export type Ticket = z.infer<typeof ticketSchema>;
