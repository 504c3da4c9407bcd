import { route } from "#lib/http/route.ts";
import { listKeptImagesApi } from "#lib/kept-images/api.ts";
import { listKeptImages } from "#lib/kept-images/queries.ts";

export const GET = route(listKeptImagesApi, ({ actor, query }) => listKeptImages(actor, query));
