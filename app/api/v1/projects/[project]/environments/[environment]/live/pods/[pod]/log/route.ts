import { route } from "#lib/http/route.ts";
import { getPodLogApi } from "#lib/live/api.ts";
import { readPodLog } from "#lib/live/pod-log.ts";

export const GET = route(getPodLogApi, ({ actor, params, query, request }) =>
  readPodLog({ actor, ...params, ...query, signal: request.signal }),
);
