import { route } from "#lib/http/route.ts";
import { createTokenApi, listTokensApi } from "#lib/tokens/api.ts";
import { createToken, listTokens } from "#lib/tokens/service.ts";

export const GET = route(listTokensApi, ({ actor }) => listTokens(actor));
export const POST = route(createTokenApi, ({ actor, body }) => createToken({ actor, ...body }));
