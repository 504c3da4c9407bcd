import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { keySchema, personSchema, projectParams } from "#lib/projects/schema.ts";

export const WEBHOOK_EVENTS = ["push", "tag"] as const;
export const WEBHOOK_OUTCOMES = ["received", "ignored", "created", "updated", "refused"] as const;

/** What one rule made of a push. `code` says why nothing: texts in `webhooks.reason`. */
const ruleOutcomeSchema = z.object({
  rule: z.string(),
  project: z.string(),
  component: z.string(),
  release: z.string().nullable(),
  code: z.string().nullable(),
});
export type RuleOutcome = z.infer<typeof ruleOutcomeSchema>;
/** What is kept of a delivery: what the push said, why it was ignored as a whole, what each rule made of it. */
export const deliveryDetailSchema = z.object({
  reason: z.string().nullable().default(null),
  subject: z.string().default(""),
  pusher: z.string().default(""),
  addresses: z.array(z.string()).default([]),
  rules: z.array(ruleOutcomeSchema).default([]),
});
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;

export const webhookParams = z.object({ sourceHost: z.string().max(40) });
/** Whatever the Git host sends; lib/webhooks/event.ts takes of it what it knows. */
export const webhookBodySchema = z.record(z.string(), z.unknown());
export const webhookAnswerSchema = z.object({ delivery: z.string() });
export const webhookSecretSchema = z.object({ url: z.string(), secret: z.string() });

export const webhookDeliverySchema = z.object({
  id: z.string(),
  receivedAt: z.string(),
  event: z.string(),
  repository: z.string(),
  ref: z.string(),
  commit: z.string().nullable(),
  pusher: z.string(),
  outcome: z.enum(WEBHOOK_OUTCOMES),
  reason: z.string().nullable(),
  rules: z.array(ruleOutcomeSchema),
});
export type WebhookDeliveryDto = z.infer<typeof webhookDeliverySchema>;
export const webhookDeliveryListSchema = pageOf(webhookDeliverySchema);
export const webhookDeliveryQuerySchema = idPageQuerySchema;

export const webhookRuleSchema = z.object({
  id: z.string(),
  component: z.string(),
  componentName: z.string(),
  event: z.enum(WEBHOOK_EVENTS),
  refPattern: z.string(),
  build: z.boolean(),
  createdBy: personSchema,
  createdAt: z.string(),
  /** Whether its writer may still raise release orders: else it makes none. */
  holds: z.boolean(),
  /** Whether the Git host of the component is registered and has a webhook secret. */
  listens: z.boolean(),
  /** The release order that it made last. */
  lastRelease: z.object({ number: z.string(), createdAt: z.string() }).nullable(),
  mayDelete: z.boolean(),
});
export type WebhookRuleDto = z.infer<typeof webhookRuleSchema>;
export const webhookRuleListSchema = z.object({
  items: z.array(webhookRuleSchema),
  nextCursor: z.null(),
  mayCreate: z.boolean(),
});
export const createWebhookRuleSchema = z.object({
  component: keySchema,
  event: z.enum(WEBHOOK_EVENTS),
  /** Glob over the name of the branch or tag: `*` is any text, `?` one character. */
  refPattern: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\s~^:[\\\p{Cc}]+$/u, "a glob over branch or tag names"),
  build: z.boolean().default(false),
});
export const webhookRuleParams = projectParams.extend({ rule: z.uuid() });
