import { previewRebuildApi, rebuildApi } from "#lib/base-images/api.ts";
import { previewRebuild, rebuildOnBase } from "#lib/base-images/rebuild.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(previewRebuildApi, ({ actor, params }) => previewRebuild(actor, params.base));
export const POST = route(rebuildApi, ({ actor, params, body }) =>
  rebuildOnBase({ actor, ...params, ...body }),
);
