import { getCommitApi } from "#lib/commits/api.ts";
import { getCommit } from "#lib/commits/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(getCommitApi, ({ actor, params }) => getCommit(actor, params));
