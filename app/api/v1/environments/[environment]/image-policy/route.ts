import { route } from "#lib/http/route.ts";
import { setImagePolicyApi } from "#lib/image-policies/api.ts";
import { setImagePolicy } from "#lib/image-policies/service.ts";

export const PUT = route(setImagePolicyApi, ({ actor, params, body }) =>
  setImagePolicy({ actor, ...params, ...body }),
);
