import { call } from "#lib/http/client.ts";
import { freeEnvironmentApi } from "#lib/reservations/api.ts";
import { enterStageApi, leaveStageApi, verdictApi } from "./api.ts";

type Stage = { number: string; environment: string };

/** Flows in, or joins the queue; the answer says which. */
export const enterStage = (params: Stage) => call(enterStageApi, { params });
export const giveVerdict = (params: Stage, verdict: "pass" | "reject", comment: string) =>
  call(verdictApi, { params, body: { verdict, comment } });
export const leaveStage = (params: Stage) => call(leaveStageApi, { params });
export const leaveQueue = (params: { project: string; environment: string }, release: string) =>
  call(freeEnvironmentApi, { params, query: { release } });
