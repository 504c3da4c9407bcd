import { route } from "#lib/http/route.ts";
import { getProjectApi, updateProjectApi } from "#lib/projects/api.ts";
import { getProject } from "#lib/projects/queries.ts";
import { updateProject } from "#lib/projects/service.ts";

export const GET = route(getProjectApi, ({ actor, params }) => getProject(actor, params.project));
export const PATCH = route(updateProjectApi, ({ actor, params, body }) =>
  updateProject({ actor, ...params, ...body }),
);
