import { route } from "#lib/http/route.ts";
import { listImageCopiesApi } from "#lib/image-copies/api.ts";
import { listImageCopies } from "#lib/image-copies/queries.ts";

export const GET = route(listImageCopiesApi, ({ actor, query }) => listImageCopies(actor, query));
