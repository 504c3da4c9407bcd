import { route } from "#lib/http/route.ts";
import { setMemberApi } from "#lib/projects/api.ts";
import { setMember } from "#lib/projects/service.ts";

export const PUT = route(setMemberApi, ({ actor, params, body }) => setMember({ actor, ...params, ...body }));
