import { route } from "#lib/http/route.ts";
import { releaseChangesApi } from "#lib/releases/api.ts";
import { releaseChanges } from "#lib/releases/changes.ts";

export const GET = route(releaseChangesApi, ({ actor, params, query }) =>
  releaseChanges(actor, params.number, query.against),
);
