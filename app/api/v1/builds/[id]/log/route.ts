import { buildLogApi } from "#lib/builds/api.ts";
import { readLog } from "#lib/builds/stored-log.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(buildLogApi, ({ actor, params, query, request }) =>
  readLog(actor, {
    ...params,
    ...query,
    range: request.headers.get("range"),
    ifRange: request.headers.get("if-range"),
  }),
);
