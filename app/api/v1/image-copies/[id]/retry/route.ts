import { route } from "#lib/http/route.ts";
import { retryImageCopyApi } from "#lib/image-copies/api.ts";
import { retryImageCopy } from "#lib/image-copies/service.ts";

export const POST = route(retryImageCopyApi, ({ actor, params }) => retryImageCopy({ actor, ...params }));
