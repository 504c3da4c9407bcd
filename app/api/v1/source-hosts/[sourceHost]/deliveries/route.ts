import { route } from "#lib/http/route.ts";
import { listWebhookDeliveriesApi } from "#lib/webhooks/api.ts";
import { listWebhookDeliveries } from "#lib/webhooks/queries.ts";

export const GET = route(listWebhookDeliveriesApi, ({ actor, params, query }) =>
  listWebhookDeliveries(actor, { ...params, ...query }),
);
