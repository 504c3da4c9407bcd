import { endpoint } from "#lib/http/endpoint.ts";
import { freeQuerySchema, holdSchema, reservationParams, reservationSchema } from "./schema.ts";

const tag = "reservations";
const path = "/projects/{project}/environments/{environment}/reservation";
export const getReservationApi = endpoint({
  method: "GET",
  path,
  tag,
  summary: "Who holds an environment, until when, and who waits",
  params: reservationParams,
  answer: reservationSchema,
});
export const holdEnvironmentApi = endpoint({
  method: "POST",
  path,
  tag,
  summary: "Hold a free environment for a release, or change until when",
  params: reservationParams,
  body: holdSchema,
  answer: reservationSchema,
});
export const freeEnvironmentApi = endpoint({
  method: "DELETE",
  path,
  tag,
  summary: "Free an environment, or take a release out of its queue; the next one is told",
  params: reservationParams,
  query: freeQuerySchema,
  answer: reservationSchema,
});
