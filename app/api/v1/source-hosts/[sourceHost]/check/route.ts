import { route } from "#lib/http/route.ts";
import { checkSourceHostApi } from "#lib/source-hosts/api.ts";
import { checkSourceHost } from "#lib/source-hosts/service.ts";

export const POST = route(checkSourceHostApi, ({ actor, params }) => checkSourceHost({ actor, ...params }));
