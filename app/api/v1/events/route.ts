import { streamEventsApi } from "#lib/events/api.ts";
import { openStream } from "#lib/events/stream.ts";
import { route } from "#lib/http/route.ts";

export const dynamic = "force-dynamic";

export const GET = route(streamEventsApi, ({ actor, query, request }) =>
  openStream({
    actor,
    topics: [...new Set(query.topic.split(","))].slice(0, 60),
    lastEventId: request.headers.get("last-event-id") ?? query.lastEventId ?? null,
    signal: request.signal,
  }),
);
