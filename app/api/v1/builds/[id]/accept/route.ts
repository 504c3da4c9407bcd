import { acceptBuildApi } from "#lib/builds/api.ts";
import { acceptArtifact } from "#lib/builds/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(acceptBuildApi, ({ actor, params, body }) =>
  acceptArtifact({ actor, ...params, ...body }),
);
