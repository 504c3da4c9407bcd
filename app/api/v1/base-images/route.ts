import { createBaseImageApi, listBaseImagesApi } from "#lib/base-images/api.ts";
import { listBaseImages } from "#lib/base-images/queries.ts";
import { createBaseImage } from "#lib/base-images/service.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listBaseImagesApi, ({ actor }) => listBaseImages(actor));
export const POST = route(createBaseImageApi, ({ actor, body }) => createBaseImage({ actor, ...body }));
