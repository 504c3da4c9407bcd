import { route } from "#lib/http/route.ts";
import { createProjectApi, listProjectsApi } from "#lib/projects/api.ts";
import { listProjects } from "#lib/projects/queries.ts";
import { createProject } from "#lib/projects/service.ts";

export const GET = route(listProjectsApi, ({ actor, query }) => listProjects(actor, query));
export const POST = route(createProjectApi, ({ actor, body }) => createProject({ actor, ...body }));
