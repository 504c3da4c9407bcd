import { z } from "zod";

/**
 * How a component goes out in an environment, and how it is judged there. Kept in its config, covered by the plan's
 * digest. Browser-safe.
 */

export const WAIT_KINDS = ["none", "person", "seconds", "checks"] as const;
/** What a step waits for before the next one: a person's consent, a time, or smoke checks that pass. */
export const waitSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("person") }),
  z.object({ kind: z.literal("seconds"), seconds: z.number().int().min(1).max(86_400) }),
  z.object({ kind: z.literal("checks") }),
]);
export type Wait = z.infer<typeof waitSchema>;

/**
 * Share of the traffic (per cent) that a small Deployment beside the stable one takes. At most half: the stable one is
 * left at full strength meanwhile, and what comes after half is the whole.
 */
const canaryStepSchema = z.object({ percent: z.number().int().min(1).max(50), wait: waitSchema });

/**
 * Pods that take `percent` of the traffic beside `stable` others, which stay. Pure.
 * @param percent 1 to 50
 */
export const canaryReplicas = (stable: number, percent: number): number =>
  Math.max(1, Math.ceil((stable * percent) / (100 - percent)));

export const STRATEGY_KINDS = ["rolling", "recreate", "canary", "blue_green"] as const;
export const strategySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rolling") }),
  z.object({ kind: z.literal("recreate") }),
  z.object({
    kind: z.literal("canary"),
    steps: z
      .array(canaryStepSchema)
      .min(1)
      .max(10)
      .refine(
        (steps) => steps.every(({ percent }, index) => percent > (steps[index - 1]?.percent ?? 0)),
        "each step is larger than the one before",
      ),
  }),
  z.object({ kind: z.literal("blue_green"), wait: waitSchema }),
]);
export type Strategy = z.infer<typeof strategySchema>;
export const ROLLING: Strategy = { kind: "rolling" };

export const COMPARISONS = ["<", "<=", ">", ">=", "=="] as const;
const checkName = z.string().trim().min(1).max(60);
const timeoutSeconds = z.number().int().min(1).max(600).default(30);
export const SMOKE_CHECK_KINDS = ["http", "job", "prometheus"] as const;
export const smokeCheckSchema = z.discriminatedUnion("kind", [
  /** GET through the API server's proxy of the component's Service. */
  z.object({
    kind: z.literal("http"),
    name: checkName,
    /** Left out: the component's own name. */
    service: z.string().max(63).optional(),
    /** Name or number; left out: the component's port. */
    port: z.string().max(15).optional(),
    path: z
      .string()
      .max(500)
      .regex(/^\/\S*$/, "begins with /"),
    expectStatus: z.number().int().min(100).max(599).default(200),
    /** Text that the body must contain. */
    contains: z.string().max(200).optional(),
    timeoutSeconds,
  }),
  /** A Job with the component's new image (or another one by digest) that must end well. */
  z.object({
    kind: z.literal("job"),
    name: checkName,
    command: z.array(z.string().min(1).max(1000)).min(1).max(20),
    timeoutSeconds: z.number().int().min(1).max(3600).default(300),
  }),
  /** An instant query against the project's Prometheus; the largest sample is compared. */
  z.object({
    kind: z.literal("prometheus"),
    name: checkName,
    query: z.string().min(1).max(2000),
    comparison: z.enum(COMPARISONS),
    threshold: z.number(),
    timeoutSeconds,
  }),
]);
export type SmokeCheck = z.infer<typeof smokeCheckSchema>;
export const smokeChecksSchema = z.array(smokeCheckSchema).max(20);

/** When the objects of a plan are written: at once, after the canary has proved itself, or when traffic is switched. */
export const PHASES = ["apply", "promote", "switch"] as const;

/** What one step of a target's run does. Standard steps have no input. */
export const stepInputSchema = z.object({
  /** Of `canary`: the share of each canaried component at this step. */
  canaries: z
    .array(z.object({ component: z.string(), percent: z.number(), replicas: z.number() }))
    .optional(),
  /** Of `wait`. */
  wait: waitSchema.optional(),
});
