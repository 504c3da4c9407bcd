import { listArtifactsApi } from "#lib/artifacts/api.ts";
import { listArtifacts } from "#lib/artifacts/list.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listArtifactsApi, ({ actor, query }) => listArtifacts(actor, query));
