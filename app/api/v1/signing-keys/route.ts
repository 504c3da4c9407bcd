import { route } from "#lib/http/route.ts";
import { createSigningKeyApi, listSigningKeysApi } from "#lib/signing-keys/api.ts";
import { listSigningKeys } from "#lib/signing-keys/queries.ts";
import { createSigningKey } from "#lib/signing-keys/service.ts";

export const GET = route(listSigningKeysApi, () => listSigningKeys());
export const POST = route(createSigningKeyApi, ({ actor, body }) => createSigningKey({ actor, ...body }));
