import { z } from "zod";
import { nameSchema } from "#lib/projects/schema.ts";

export const ENVIRONMENT_KINDS = ["open", "controlled"] as const;
/** Who lets a further wave begin, and what happens when a deployment fails. */
export const WAVE_GATES = ["auto", "person"] as const;
export const FAILURE_POLICIES = ["stop", "rollback"] as const;
export const environmentKeySchema = z
  .string()
  .min(2)
  .max(20)
  .regex(/^[A-Z][A-Z0-9-]*$/, "upper-case letters, digits and hyphens");

export const environmentSchema = z.object({
  key: z.string(),
  name: z.string(),
  rank: z.number(),
  kind: z.enum(ENVIRONMENT_KINDS),
  approvalsRequired: z.number(),
  fourEyes: z.boolean(),
  approvalMinutes: z.number(),
  observeSeconds: z.number(),
  waveGate: z.enum(WAVE_GATES),
  wavePauseSeconds: z.number(),
  maxFailedTargets: z.number(),
  onFailure: z.enum(FAILURE_POLICIES),
  /** Images of how many successful deployments of a component stay protected from cleanups. */
  keptDeployments: z.number(),
  /** Key of the registry that images are copied to before they are deployed; null: they stay where they were pushed. */
  registry: z.string().nullable(),
  version: z.number(),
});
export type EnvironmentDto = z.infer<typeof environmentSchema>;
export const environmentListSchema = z.object({
  items: z.array(environmentSchema),
  nextCursor: z.string().nullable(),
});

const policy = {
  name: nameSchema,
  approvalsRequired: z.number().int().min(0).max(5),
  fourEyes: z.boolean(),
  approvalMinutes: z.number().int().min(5).max(43_200),
  observeSeconds: z.number().int().min(0).max(3600),
  waveGate: z.enum(WAVE_GATES),
  wavePauseSeconds: z.number().int().min(0).max(86_400),
  maxFailedTargets: z.number().int().min(0).max(100),
  onFailure: z.enum(FAILURE_POLICIES),
  keptDeployments: z.number().int().min(1).max(100),
  /** Key; null: none of its own. */
  registry: z.string().max(100).nullable(),
};
export const createEnvironmentSchema = z.object({
  key: environmentKeySchema,
  rank: z.number().int().min(1).max(1000),
  kind: z.enum(ENVIRONMENT_KINDS),
  ...policy,
  approvalsRequired: policy.approvalsRequired.default(1),
  fourEyes: policy.fourEyes.default(true),
  approvalMinutes: policy.approvalMinutes.default(1440),
  observeSeconds: policy.observeSeconds.default(0),
  waveGate: policy.waveGate.default("auto"),
  wavePauseSeconds: policy.wavePauseSeconds.default(0),
  maxFailedTargets: policy.maxFailedTargets.default(0),
  onFailure: policy.onFailure.default("stop"),
  keptDeployments: policy.keptDeployments.default(5),
  registry: policy.registry.default(null),
});
export const updateEnvironmentSchema = z.object(policy).partial().extend({ version: z.int32() });
export const environmentParams = z.object({ environment: z.string() });

export const targetSchema = z.object({
  environment: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  wave: z.number(),
  createNamespace: z.boolean(),
});
export const targetListSchema = z.object({ items: z.array(targetSchema), nextCursor: z.string().nullable() });
export const setTargetsSchema = z.object({
  targets: z
    .array(
      z.object({
        environment: z.string(),
        cluster: z.string(),
        namespace: z
          .string()
          .max(63)
          .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "a Kubernetes namespace")
          .refine(
            (name) => !name.startsWith("kube-") && name !== "default",
            "not a namespace of the cluster's own",
          ),
        wave: z.number().int().min(1).max(50).default(1),
        createNamespace: z.boolean().default(true),
      }),
    )
    .max(200),
});
