import { z } from "zod";
import { endpoint } from "#lib/http/endpoint.ts";

export const streamEventsApi = endpoint({
  method: "GET",
  path: "/events",
  tag: "events",
  summary:
    "Server-Sent Events of topics (`project:<key>`, `release:<number>`, `build:<id>`, `deployment:<id>`, `environment:<project>/<key>`, `user:<username>`), separated by commas. `Last-Event-ID` resumes without gaps.",
  query: z.object({ topic: z.string().min(3).max(2000), lastEventId: z.string().max(4000).optional() }),
  produces: "text/event-stream",
});
