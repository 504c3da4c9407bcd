import { streamRoute } from "#lib/http/stream-route.ts";
import { streamLiveApi } from "#lib/live/api.ts";
import { openLiveStream } from "#lib/live/stream.ts";

export const config = { api: { bodyParser: false, externalResolver: true } };

export default streamRoute(streamLiveApi, ({ actor, params }) => openLiveStream({ actor, ...params }));
