import { getArtifactApi } from "#lib/artifacts/api.ts";
import { getArtifact } from "#lib/artifacts/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(getArtifactApi, ({ actor, params, query }) =>
  getArtifact(actor, { ...params, ...query }),
);
