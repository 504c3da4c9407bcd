import { listOpenBuildsApi } from "#lib/builds/api.ts";
import { listOpenBuilds } from "#lib/builds/list.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listOpenBuildsApi, ({ actor }) => listOpenBuilds(actor));
