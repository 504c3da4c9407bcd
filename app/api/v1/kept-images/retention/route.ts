import { route } from "#lib/http/route.ts";
import { keptRetentionApi } from "#lib/kept-images/api.ts";
import { keptRetention } from "#lib/kept-images/retention-query.ts";

export const GET = route(keptRetentionApi, ({ actor }) => keptRetention(actor));
