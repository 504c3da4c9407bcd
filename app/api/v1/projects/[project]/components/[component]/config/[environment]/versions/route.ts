import { listConfigVersionsApi } from "#lib/components/config-api.ts";
import { listConfigVersions } from "#lib/components/config-queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listConfigVersionsApi, ({ actor, params }) => listConfigVersions(actor, params));
