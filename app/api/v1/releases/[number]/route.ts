import { route } from "#lib/http/route.ts";
import { getReleaseApi, updateReleaseApi } from "#lib/releases/api.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { updateRelease } from "#lib/releases/service.ts";

export const GET = route(getReleaseApi, ({ actor, params }) => getRelease(actor, params.number));
export const PATCH = route(updateReleaseApi, ({ actor, params, body }) =>
  updateRelease({ actor, ...params, ...body }),
);
