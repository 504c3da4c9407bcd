import { route } from "#lib/http/route.ts";
import { updateSigningKeyApi } from "#lib/signing-keys/api.ts";
import { updateSigningKey } from "#lib/signing-keys/service.ts";

export const PATCH = route(updateSigningKeyApi, ({ actor, params, body }) =>
  updateSigningKey({ actor, ...params, ...body }),
);
