import { route } from "#lib/http/route.ts";
import { keptDigestsApi } from "#lib/kept-images/api.ts";
import { keptDigests } from "#lib/kept-images/queries.ts";

export const GET = route(
  keptDigestsApi,
  async ({ actor, query }) =>
    new Response(await keptDigests(actor, query.registry), {
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    }),
);
