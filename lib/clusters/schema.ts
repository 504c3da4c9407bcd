import { z } from "zod";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";

/** One thing that "check now" looked at. `fix` says what to do when it is not ok. */
export const findingSchema = z.object({
  code: z.string(),
  ok: z.boolean(),
  message: z.string(),
  fix: z.string().optional(),
  /** Where it was looked at, when not in the whole cluster. */
  namespace: z.string().optional(),
  /** Rights that are lacking, as `delete deployments.apps`. */
  missing: z.array(z.string()).optional(),
  /** YAML to apply that mends it. */
  manifest: z.string().optional(),
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
  version: z.number(),
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
/** Another server needs a credential of its own in the same edit: the one that is kept is never sent elsewhere. */
export const updateClusterSchema = z
  .object({
    version: z.int32(),
    name: nameSchema.optional(),
    server: z.url({ protocol: /^https?$/ }).optional(),
    kubeconfig: createClusterSchema.shape.kubeconfig.optional(),
    context: createClusterSchema.shape.context,
  })
  .refine(({ kubeconfig, context }) => context === undefined || kubeconfig !== undefined, {
    path: ["context"],
    error: "a context is one of a new kubeconfig",
  });
export const clusterParams = z.object({ cluster: z.string() });
