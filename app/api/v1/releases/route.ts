import { route } from "#lib/http/route.ts";
import { createReleaseApi, listReleasesApi } from "#lib/releases/api.ts";
import { listReleases } from "#lib/releases/queries.ts";
import { createRelease } from "#lib/releases/service.ts";

export const GET = route(listReleasesApi, ({ actor, query }) => listReleases(actor, query));
export const POST = route(createReleaseApi, ({ actor, body }) => createRelease({ actor, ...body }));
