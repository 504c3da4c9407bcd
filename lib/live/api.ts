import { endpoint } from "#lib/http/endpoint.ts";
import { planSchema } from "#lib/plans/schema.ts";
import { environmentParams } from "./params.ts";
import {
  adoptableQuerySchema,
  adoptableSchema,
  historyQuerySchema,
  historySchema,
  liveSchema,
  operatedSchema,
  pauseSchema,
  podLogQuerySchema,
  podParams,
  reapplySchema,
  restartSchema,
  scaleSchema,
  timelineQuerySchema,
  timelineSchema,
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
export const streamLiveApi = endpoint({
  method: "GET",
  path: `${path}/stream`,
  tag,
  summary:
    "What runs as it changes, as Server-Sent Events: `place` (the targets, and `mayOperate`), then patches of one target each, the first of a target with `whole`; `closed` when the right to read ends",
  params: environmentParams,
  produces: "text/event-stream",
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
export const getTimelineApi = endpoint({
  method: "GET",
  path: `${path}/timeline`,
  tag,
  summary:
    "Which release orders ran in the last `days`, component by component, and which deployments did not succeed",
  params: environmentParams,
  query: timelineQuerySchema,
  answer: timelineSchema,
});
export const getAdoptableApi = endpoint({
  method: "GET",
  path: `${path}/adoptable`,
  tag,
  summary: "Drifted fields that the component's config owns, and could keep as they are live",
  params: environmentParams,
  query: adoptableQuerySchema,
  answer: adoptableSchema,
});
export const getPodLogApi = endpoint({
  method: "GET",
  path: `${path}/pods/{pod}/log`,
  tag,
  summary:
    "Log of a container, byte for byte; `since` (seconds) and `tail` (lines) shorten it, `follow=1` keeps the answer open, `download=1` names a file",
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
export const pauseApi = endpoint({
  method: "POST",
  path: `${path}/pause`,
  tag,
  summary: "Pause a Deployment's rollout, or with `paused: false` go on with it",
  params: environmentParams,
  body: pauseSchema,
  answer: operatedSchema,
  status: 202,
});
export const reapplyApi = endpoint({
  method: "POST",
  path: `${path}/reapply`,
  tag,
  summary: "A plan that brings the environment back to what was deployed last",
  params: environmentParams,
  body: reapplySchema,
  answer: planSchema,
  status: 201,
});
