import { endpoint } from "#lib/http/endpoint.ts";
import { projectParams } from "#lib/projects/schema.ts";
import {
  createWebhookRuleSchema,
  webhookAnswerSchema,
  webhookBodySchema,
  webhookDeliveryListSchema,
  webhookDeliveryQuerySchema,
  webhookParams,
  webhookRuleListSchema,
  webhookRuleParams,
  webhookSecretSchema,
} from "./schema.ts";

const tag = "webhooks";
export const receiveWebhookApi = endpoint({
  method: "POST",
  path: "/webhooks/{sourceHost}",
  tag,
  summary: "For Git hosts: what was pushed, proven by the webhook's secret instead of a session",
  open: true,
  params: webhookParams,
  body: webhookBodySchema,
  answer: webhookAnswerSchema,
  status: 202,
});
export const listWebhookDeliveriesApi = endpoint({
  method: "GET",
  path: "/source-hosts/{sourceHost}/deliveries",
  tag,
  summary: "What a Git host told and what came of it, newest first (admin)",
  params: webhookParams,
  query: webhookDeliveryQuerySchema,
  answer: webhookDeliveryListSchema,
});
export const setWebhookSecretApi = endpoint({
  method: "POST",
  path: "/source-hosts/{sourceHost}/webhook-secret",
  tag,
  summary: "A new webhook secret for a Git host, shown once; the former one ends (admin)",
  params: webhookParams,
  answer: webhookSecretSchema,
  status: 201,
});
export const dropWebhookSecretApi = endpoint({
  method: "DELETE",
  path: "/source-hosts/{sourceHost}/webhook-secret",
  tag,
  summary: "Listen to a Git host no more (admin)",
  params: webhookParams,
});
export const listWebhookRulesApi = endpoint({
  method: "GET",
  path: "/projects/{project}/webhook-rules",
  tag,
  summary: "Which pushes make release orders of themselves",
  params: projectParams,
  answer: webhookRuleListSchema,
});
export const createWebhookRuleApi = endpoint({
  method: "POST",
  path: "/projects/{project}/webhook-rules",
  tag,
  summary: "Let pushes make release orders in the caller's name",
  params: projectParams,
  body: createWebhookRuleSchema,
  answer: webhookRuleListSchema,
  status: 201,
});
export const deleteWebhookRuleApi = endpoint({
  method: "DELETE",
  path: "/projects/{project}/webhook-rules/{rule}",
  tag,
  summary: "End a rule (its writer, or an owner)",
  params: webhookRuleParams,
  answer: webhookRuleListSchema,
});
