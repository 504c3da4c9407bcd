import { route } from "#lib/http/route.ts";
import { listCommitsApi } from "#lib/sources/api.ts";
import { listCommits } from "#lib/sources/queries.ts";

export const GET = route(listCommitsApi, ({ actor, params, query }) =>
  listCommits(actor, { ...params, ...query }),
);
