import { inspectArtifactApi } from "#lib/artifacts/api.ts";
import { inspectArtifact } from "#lib/artifacts/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(inspectArtifactApi, ({ actor, params }) => inspectArtifact({ actor, ...params }));
