import { endpoint } from "#lib/http/endpoint.ts";
import { planSchema } from "#lib/plans/schema.ts";
import {
  continueDeploymentSchema,
  deploymentListSchema,
  deploymentParams,
  deploymentQuerySchema,
  deploymentSchema,
  rollbackSchema,
  skipTargetSchema,
  startDeploymentSchema,
} from "./schema.ts";

const tag = "deployments";
export const startDeploymentApi = endpoint({
  method: "POST",
  path: "/deployments",
  tag,
  summary: "Carry out a plan, now or at a time",
  body: startDeploymentSchema,
  answer: deploymentSchema,
  status: 202,
});
export const listDeploymentsApi = endpoint({
  method: "GET",
  path: "/deployments",
  tag,
  summary: "Deployments, newest first",
  query: deploymentQuerySchema,
  answer: deploymentListSchema,
});
export const getDeploymentApi = endpoint({
  method: "GET",
  path: "/deployments/{id}",
  tag,
  summary: "One deployment with targets, steps and workloads",
  params: deploymentParams,
  answer: deploymentSchema,
});
export const cancelDeploymentApi = endpoint({
  method: "POST",
  path: "/deployments/{id}/cancel",
  tag,
  summary: "Cancel: at once before it touched anything, else after the step at hand",
  params: deploymentParams,
  answer: deploymentSchema,
  status: 202,
});
export const pauseDeploymentApi = endpoint({
  method: "POST",
  path: "/deployments/{id}/pause",
  tag,
  summary: "Halt: the step at hand ends, nothing new begins",
  params: deploymentParams,
  answer: deploymentSchema,
  status: 202,
});
export const continueDeploymentApi = endpoint({
  method: "POST",
  path: "/deployments/{id}/continue",
  tag,
  summary: "Let the named step or wave that waits for a person go on, or end a pause",
  params: deploymentParams,
  body: continueDeploymentSchema,
  answer: deploymentSchema,
  status: 202,
});
export const skipTargetApi = endpoint({
  method: "POST",
  path: "/deployments/{id}/skip",
  tag,
  summary: "Leave a target that failed, with a reason, and go on with what is left",
  params: deploymentParams,
  body: skipTargetSchema,
  answer: deploymentSchema,
  status: 202,
});
export const retryDeploymentApi = endpoint({
  method: "POST",
  path: "/deployments/{id}/retry",
  tag,
  summary: "Try the failed targets again",
  params: deploymentParams,
  answer: deploymentSchema,
  status: 202,
});
export const rollbackDeploymentApi = endpoint({
  method: "POST",
  path: "/deployments/{id}/rollback",
  tag,
  summary: "Make a plan from the manifests of an earlier successful deployment",
  params: deploymentParams,
  body: rollbackSchema,
  answer: planSchema,
  status: 201,
});
