import { z } from "zod";
import { personSchema, projectParams } from "#lib/projects/schema.ts";

export const reservationParams = projectParams.extend({ environment: z.string().max(40) });
export const holdSchema = z.object({
  release: z.string().max(100),
  /** Left out or null: until it is freed. */
  until: z.iso.datetime({ offset: true }).nullish(),
});
export const freeQuerySchema = z.object({
  /** Takes this release out of the queue, instead of freeing the environment. */
  release: z.string().max(100).optional(),
});
export const reservationSchema = z.object({
  project: z.string(),
  environment: z.string(),
  environmentName: z.string(),
  holder: z
    .object({
      release: z.string(),
      heldBy: personSchema,
      since: z.string(),
      until: z.string().nullable(),
    })
    .nullable(),
  queue: z.array(
    z.object({
      release: z.string(),
      title: z.string(),
      requestedBy: personSchema,
      since: z.string(),
      /** When its turn came; it enters with one click. */
      calledAt: z.string().nullable(),
      position: z.number(),
    }),
  ),
  mayHold: z.boolean(),
  mayFree: z.boolean(),
});
export type ReservationDto = z.infer<typeof reservationSchema>;
