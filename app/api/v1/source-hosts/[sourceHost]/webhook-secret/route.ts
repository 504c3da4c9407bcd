import { route } from "#lib/http/route.ts";
import { dropWebhookSecretApi, setWebhookSecretApi } from "#lib/webhooks/api.ts";
import { dropWebhookSecret, setWebhookSecret } from "#lib/webhooks/secret.ts";

export const POST = route(setWebhookSecretApi, ({ actor, params }) => setWebhookSecret({ actor, ...params }));
export const DELETE = route(dropWebhookSecretApi, ({ actor, params }) =>
  dropWebhookSecret({ actor, ...params }),
);
