import { route } from "#lib/http/route.ts";
import { createWebhookRuleApi, listWebhookRulesApi } from "#lib/webhooks/api.ts";
import { createWebhookRule, listWebhookRules } from "#lib/webhooks/rules.ts";

export const GET = route(listWebhookRulesApi, ({ actor, params }) => listWebhookRules(actor, params.project));
export const POST = route(createWebhookRuleApi, ({ actor, params, body }) =>
  createWebhookRule({ actor, ...params, ...body }),
);
