import { endpoint } from "#lib/http/endpoint.ts";
import {
  buildStatisticsSchema,
  deploymentsPerDaySchema,
  imagesPerDaySchema,
  leadTimeSchema,
  statisticsQuerySchema,
  stepsSchema,
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
export const buildStatisticsApi = endpoint({
  method: "GET",
  path: "/stats/builds",
  tag,
  summary:
    "Builds: success, causes of failure, durations and queue times by day, project, component and build server",
  query: statisticsQuerySchema,
  answer: buildStatisticsSchema,
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
export const leadTimeStepsApi = endpoint({
  method: "GET",
  path: "/stats/lead-time/steps",
  tag,
  summary: "Where the lead time goes: working or waiting, and on whom",
  query: statisticsQuerySchema,
  answer: stepsSchema,
});
