import { route } from "#lib/http/route.ts";
import { releaseLifeApi } from "#lib/statistics/api.ts";
import { releaseLife } from "#lib/statistics/release-life.ts";

export const GET = route(releaseLifeApi, ({ actor, params }) => releaseLife(actor, params.number));
