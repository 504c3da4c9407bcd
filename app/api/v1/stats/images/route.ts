import { route } from "#lib/http/route.ts";
import { imagesPerDayApi } from "#lib/statistics/api.ts";
import { imagesPerDay } from "#lib/statistics/images.ts";

export const GET = route(imagesPerDayApi, ({ actor, query }) => imagesPerDay(actor, query));
