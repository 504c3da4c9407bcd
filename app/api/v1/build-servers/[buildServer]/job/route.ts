import { readBuildJobApi } from "#lib/build-servers/api.ts";
import { readBuildJob } from "#lib/build-servers/job.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(readBuildJobApi, ({ actor, params }) => readBuildJob({ actor, ...params }));
