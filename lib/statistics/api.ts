import { endpoint } from "#lib/http/endpoint.ts";
import {
  buildsPerDaySchema,
  deploymentsPerDaySchema,
  imagesPerDaySchema,
  leadTimeSchema,
  statisticsQuerySchema,
} from "./schema.ts";

const tag = "statistics";
export const imagesPerDayApi = endpoint({
  method: "GET",
  path: "/stats/images",
  tag,
  summary: "Images published per project and day",
  query: statisticsQuerySchema,
  answer: imagesPerDaySchema,
});
export const buildsPerDayApi = endpoint({
  method: "GET",
  path: "/stats/builds",
  tag,
  summary: "Builds per project and day: success and durations",
  query: statisticsQuerySchema,
  answer: buildsPerDaySchema,
});
export const deploymentsPerDayApi = endpoint({
  method: "GET",
  path: "/stats/deployments",
  tag,
  summary: "Deployments per project, environment and day",
  query: statisticsQuerySchema,
  answer: deploymentsPerDaySchema,
});
export const leadTimeApi = endpoint({
  method: "GET",
  path: "/stats/lead-time",
  tag,
  summary: "Lead time, failure rate and time to restore by project",
  query: statisticsQuerySchema,
  answer: leadTimeSchema,
});
