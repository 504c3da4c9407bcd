import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import {
  cancelDeploymentApi,
  continueDeploymentApi,
  getDeploymentApi,
  pauseDeploymentApi,
  retryDeploymentApi,
  rollbackDeploymentApi,
  skipTargetApi,
  startDeploymentApi,
} from "./api.ts";

export const DEPLOYMENTS_KEY = ["deployments"] as const;

export const deploymentQuery = (id: string) =>
  queryOptions({
    queryKey: [...DEPLOYMENTS_KEY, id],
    queryFn: ({ signal }) => call(getDeploymentApi, { params: { id }, signal }),
  });

export const startDeployment = (
  input: { planDigest: string; scheduledAt?: string; confirm?: string },
  idempotencyKey: string,
) => call(startDeploymentApi, { body: input, idempotencyKey });

export const cancelDeployment = (id: string) => call(cancelDeploymentApi, { params: { id } });
export const pauseDeployment = (id: string) => call(pauseDeploymentApi, { params: { id } });
/** `what` names the step or the wave that waits for a person; neither ends a pause. */
export const continueDeployment = (id: string, what: { step?: string; wave?: number }) =>
  call(continueDeploymentApi, { params: { id }, body: what });
export const skipTarget = (id: string, body: { target: string; reason: string }) =>
  call(skipTargetApi, { params: { id }, body });
export const retryDeployment = (id: string) => call(retryDeploymentApi, { params: { id } });
/** Answers a plan that restores what ran before `id`, or what the deployment `to` had put there. */
export const rollbackDeployment = (id: string, to?: string) =>
  call(rollbackDeploymentApi, { params: { id }, body: to === undefined ? {} : { to } });
