import { listBuildChoicesApi } from "#lib/build-servers/api.ts";
import { listBuildChoices } from "#lib/build-servers/choices.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listBuildChoicesApi, ({ actor, params }) => listBuildChoices(actor, params.project));
