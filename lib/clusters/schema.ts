import { z } from "zod";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

/** One thing that "check now" looked at. `fix` says what to do when it is not ok. */
export const findingSchema = z.object({
  code: z.string(),
  ok: z.boolean(),
  message: z.string(),
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

export const clusterSchema = z.object({
  key: z.string(),
  name: z.string(),
  server: z.string(),
  hasCredential: z.boolean(),
  checkedAt: z.string().nullable(),
  findings: z.array(findingSchema),
  targets: z.number(),
});
export type ClusterDto = z.infer<typeof clusterSchema>;
export const clusterListSchema = z.object({
  items: z.array(clusterSchema),
  nextCursor: z.string().nullable(),
});
export const createClusterSchema = z.object({
  key: keySchema,
  name: nameSchema,
  /** YAML; the context named, else its current one. Plugins that run programs are refused. */
  kubeconfig: z.string().min(10).max(200_000),
  context: z.string().max(200).optional(),
});
export const clusterParams = z.object({ cluster: z.string() });
