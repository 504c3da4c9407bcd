import { deleteBaseImageApi, updateBaseImageApi } from "#lib/base-images/api.ts";
import { deleteBaseImage, updateBaseImage } from "#lib/base-images/service.ts";
import { route } from "#lib/http/route.ts";

export const PATCH = route(updateBaseImageApi, ({ actor, params, body }) =>
  updateBaseImage({ actor, ...params, ...body }),
);
export const DELETE = route(deleteBaseImageApi, ({ actor, params }) => deleteBaseImage({ actor, ...params }));
