import { lookAtBaseImageApi } from "#lib/base-images/api.ts";
import { lookAtBaseImage } from "#lib/base-images/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(lookAtBaseImageApi, ({ actor, params }) => lookAtBaseImage({ actor, ...params }));
