import { route } from "#lib/http/route.ts";
import { getTimelineApi } from "#lib/live/api.ts";
import { getTimeline } from "#lib/live/timeline-queries.ts";

export const GET = route(getTimelineApi, ({ actor, params, query }) => getTimeline(actor, params, query));
