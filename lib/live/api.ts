import { endpoint } from "#lib/http/endpoint.ts";
import { environmentParams } from "./params.ts";
import {
  historyQuerySchema,
  historySchema,
  liveSchema,
  operatedSchema,
  podLogQuerySchema,
  podParams,
  restartSchema,
  scaleSchema,
} from "./schema.ts";

const tag = "live";
const path = "/projects/{project}/environments/{environment}/live";
export const getLiveApi = endpoint({
  method: "GET",
  path,
  tag,
  summary: "What runs: workloads, pods, images, events and drift",
  params: environmentParams,
  answer: liveSchema,
});
export const getHistoryApi = endpoint({
  method: "GET",
  path: `${path}/history`,
  tag,
  summary: "What was deployed here, newest first; with `at` as of that time",
  params: environmentParams,
  query: historyQuerySchema,
  answer: historySchema,
});
export const getPodLogApi = endpoint({
  method: "GET",
  path: `${path}/pods/{pod}/log`,
  tag,
  summary: "Log of a container as text; `follow=1` keeps the answer open",
  params: podParams,
  query: podLogQuerySchema,
  produces: "text/plain",
});
export const restartApi = endpoint({
  method: "POST",
  path: `${path}/restart`,
  tag,
  summary: "Replace the pods of a workload one after another",
  params: environmentParams,
  body: restartSchema,
  answer: operatedSchema,
  status: 202,
});
export const scaleApi = endpoint({
  method: "POST",
  path: `${path}/scale`,
  tag,
  summary: "Change a workload's number of pods until the next deployment",
  params: environmentParams,
  body: scaleSchema,
  answer: operatedSchema,
  status: 202,
});
