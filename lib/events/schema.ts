import { z } from "zod";

/** One Server-Sent Event's data. */
export const eventSchema = z.object({
  topic: z.string(),
  seq: z.number(),
  type: z.string(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type EventDto = z.infer<typeof eventSchema>;
