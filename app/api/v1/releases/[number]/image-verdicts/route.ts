import { route } from "#lib/http/route.ts";
import { imageVerdictsApi } from "#lib/image-policies/api.ts";
import { imageVerdicts } from "#lib/image-policies/verdicts.ts";

export const GET = route(imageVerdictsApi, ({ actor, params }) => imageVerdicts(actor, params.number));
