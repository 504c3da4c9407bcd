import { route } from "#lib/http/route.ts";
import { deleteWebhookRuleApi } from "#lib/webhooks/api.ts";
import { deleteWebhookRule } from "#lib/webhooks/rules.ts";

export const DELETE = route(deleteWebhookRuleApi, ({ actor, params }) =>
  deleteWebhookRule({ actor, ...params }),
);
