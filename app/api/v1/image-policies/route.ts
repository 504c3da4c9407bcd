import { route } from "#lib/http/route.ts";
import { listImagePoliciesApi } from "#lib/image-policies/api.ts";
import { listImagePolicies } from "#lib/image-policies/queries.ts";

export const GET = route(listImagePoliciesApi, () => listImagePolicies());
