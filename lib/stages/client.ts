import { call } from "#lib/http/client.ts";
import { freeEnvironmentApi } from "#lib/reservations/api.ts";
import { enterStageApi, leaveStageApi, verdictApi } from "./api.ts";

type Stage = { number: string; environment: string };

/** What the reader looked at, and the key of their click: what moved since, or was done by it already, is not done. */
type Click = { version: number; idempotencyKey: string };

/** Flows in, or joins the queue; the answer says which. */
export const enterStage = (params: Stage, { version, idempotencyKey }: Click) =>
  call(enterStageApi, { params, body: { version }, idempotencyKey });
export const giveVerdict = (
  params: Stage,
  said: { verdict: "pass" | "reject"; comment: string },
  { version, idempotencyKey }: Click,
) => call(verdictApi, { params, body: { ...said, version }, idempotencyKey });
export const leaveStage = (params: Stage, { version, idempotencyKey }: Click) =>
  call(leaveStageApi, { params, body: { version }, idempotencyKey });
export const leaveQueue = (params: { project: string; environment: string }, release: string) =>
  call(freeEnvironmentApi, { params, query: { release } });
