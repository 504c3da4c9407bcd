import { endpoint } from "#lib/http/endpoint.ts";
import { releaseParams } from "#lib/releases/schema.ts";
import {
  buildStatisticsSchema,
  deploymentStatisticsSchema,
  imagesPerDaySchema,
  leadTimeSchema,
  releaseLifeSchema,
  statisticsQuerySchema,
  stepsSchema,
} from "./schema.ts";

const tag = "statistics";
export const imagesPerDayApi = endpoint({
  method: "GET",
  path: "/stats/images",
  tag,
  summary: "Images published per day, by project and by component",
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
export const deploymentStatisticsApi = endpoint({
  method: "GET",
  path: "/stats/deployments",
  tag,
  summary: "Deployments per project, environment and day, and why some failed",
  query: statisticsQuerySchema,
  answer: deploymentStatisticsSchema,
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
export const releaseLifeApi = endpoint({
  method: "GET",
  path: "/releases/{number}/life",
  tag,
  summary: "Where the time of one release order went: working or waiting, and on whom",
  params: releaseParams,
  answer: releaseLifeSchema,
});
