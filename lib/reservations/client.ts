import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { freeEnvironmentApi, getReservationApi, holdEnvironmentApi } from "./api.ts";

type Place = { project: string; environment: string };

export const reservationQuery = (place: Place) =>
  queryOptions({
    queryKey: ["reservation", place.project, place.environment],
    queryFn: ({ signal }) => call(getReservationApi, { params: place, signal }),
  });
/** @param until ISO time; null holds it until somebody frees it */
export const holdEnvironment = (place: Place, release: string, until: string | null) =>
  call(holdEnvironmentApi, { params: place, body: { release, until } });
/** @param release takes this one out of the queue instead of freeing the environment */
export const freeEnvironment = (place: Place, release?: string) =>
  call(freeEnvironmentApi, { params: place, query: release === undefined ? {} : { release } });
