import { route } from "#lib/http/route.ts";
import { releaseTimelineApi } from "#lib/releases/api.ts";
import { releaseTimeline } from "#lib/releases/timeline.ts";

export const GET = route(releaseTimelineApi, ({ actor, params, query }) =>
  releaseTimeline(actor, params.number, query),
);
