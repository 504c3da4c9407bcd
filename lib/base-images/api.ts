import { endpoint } from "#lib/http/endpoint.ts";
import {
  baseImageListSchema,
  baseImageParams,
  baseImageSchema,
  createBaseImageSchema,
  rebuildPreviewSchema,
  rebuildSchema,
  rebuiltSchema,
  updateBaseImageSchema,
} from "./schema.ts";

const tag = "base images";
const params = baseImageParams;
export const listBaseImagesApi = endpoint({
  method: "GET",
  path: "/base-images",
  tag,
  summary: "Base images with their versions, and what is built on them",
  answer: baseImageListSchema,
});
export const createBaseImageApi = endpoint({
  method: "POST",
  path: "/base-images",
  tag,
  summary: "Register a base image; its tag is watched (admin)",
  body: createBaseImageSchema,
  answer: baseImageSchema,
  status: 201,
});
export const updateBaseImageApi = endpoint({
  method: "PATCH",
  path: "/base-images/{base}",
  tag,
  summary: "Change a base image (admin)",
  params,
  body: updateBaseImageSchema,
  answer: baseImageSchema,
});
export const deleteBaseImageApi = endpoint({
  method: "DELETE",
  path: "/base-images/{base}",
  tag,
  summary: "Forget a base image and its versions (admin)",
  params,
  status: 204,
});
export const lookAtBaseImageApi = endpoint({
  method: "POST",
  path: "/base-images/{base}/look",
  tag,
  summary: "Look now at what its tag points to",
  params,
  status: 204,
});
export const previewRebuildApi = endpoint({
  method: "GET",
  path: "/base-images/{base}/rebuild",
  tag,
  summary: "The release orders that would rebuild what is behind",
  params,
  answer: rebuildPreviewSchema,
});
export const rebuildApi = endpoint({
  method: "POST",
  path: "/base-images/{base}/rebuild",
  tag,
  summary: "Raise release orders that rebuild what is behind on the newest version",
  params,
  body: rebuildSchema,
  answer: rebuiltSchema,
  status: 201,
});
