import { endpoint } from "#lib/http/endpoint.ts";
import {
  artifactListQuerySchema,
  artifactListSchema,
  artifactParams,
  artifactQuerySchema,
  artifactSchema,
} from "./schema.ts";

export const listArtifactsApi = endpoint({
  method: "GET",
  path: "/artifacts",
  tag: "artifacts",
  summary: "Images that were built, newest first",
  query: artifactListQuerySchema,
  answer: artifactListSchema,
});
export const getArtifactApi = endpoint({
  method: "GET",
  path: "/artifacts/{id}",
  tag: "artifacts",
  summary: "An image by id or digest: what it is made of, who vouches for it, where it comes from and runs",
  params: artifactParams,
  query: artifactQuerySchema,
  answer: artifactSchema,
});
export const inspectArtifactApi = endpoint({
  method: "POST",
  path: "/artifacts/{id}/inspect",
  tag: "artifacts",
  summary: "Ask every registry that has an image now: its layers, what is signed, what its scanner found",
  params: artifactParams,
  status: 204,
});
