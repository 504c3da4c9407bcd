import { route } from "#lib/http/route.ts";
import { streamLiveApi } from "#lib/live/api.ts";
import { openLiveStream } from "#lib/live/stream.ts";

export const dynamic = "force-dynamic";

export const GET = route(streamLiveApi, ({ actor, params, request }) =>
  openLiveStream({ actor, ...params, signal: request.signal }),
);
