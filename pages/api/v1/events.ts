import { streamEventsApi } from "#lib/events/api.ts";
import { openStream } from "#lib/events/stream.ts";
import { streamRoute } from "#lib/http/stream-route.ts";

export const config = { api: { bodyParser: false, externalResolver: true } };

export default streamRoute(streamEventsApi, ({ actor, query, request }) =>
  openStream({
    actor,
    topics: [...new Set(query.topic.split(","))].slice(0, 60),
    lastEventId: request.headers.get("last-event-id") ?? query.lastEventId ?? null,
  }),
);
