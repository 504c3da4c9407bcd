import { openRoute } from "#lib/http/open-route.ts";
import { receiveWebhookApi } from "#lib/webhooks/api.ts";
import { receiveWebhook } from "#lib/webhooks/receive.ts";

export const POST = openRoute(receiveWebhookApi, ({ params, ...input }) =>
  receiveWebhook({ ...params, ...input }),
);
