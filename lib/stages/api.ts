import { endpoint } from "#lib/http/endpoint.ts";
import {
  enterAnswerSchema,
  seenStageSchema,
  stageAnswerSchema,
  stageParams,
  verdictSchema,
} from "./schema.ts";

const tag = "stages";
export const enterStageApi = endpoint({
  method: "POST",
  path: "/releases/{number}/stages/{environment}/enter",
  tag,
  summary: "Flow into an environment; joins its queue while another release holds it",
  params: stageParams,
  body: seenStageSchema,
  answer: enterAnswerSchema,
  status: 202,
});
export const verdictApi = endpoint({
  method: "POST",
  path: "/releases/{number}/stages/{environment}/verdict",
  tag,
  summary: "Pass or reject what is under test; frees the environment",
  params: stageParams,
  body: verdictSchema,
  answer: stageAnswerSchema,
});
export const leaveStageApi = endpoint({
  method: "POST",
  path: "/releases/{number}/stages/{environment}/leave",
  tag,
  summary: "End a stage without a verdict and free the environment",
  params: stageParams,
  body: seenStageSchema,
  answer: stageAnswerSchema,
});
