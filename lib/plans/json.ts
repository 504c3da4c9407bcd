import { z } from "zod";

const jsonObjectSchema = z.record(z.string(), z.json());

/** A value as the JSON object that a column will give back: dates as text, `undefined` members left out. */
export const toJson = (value: object): z.infer<typeof jsonObjectSchema> =>
  jsonObjectSchema.parse(JSON.parse(JSON.stringify(value)));
