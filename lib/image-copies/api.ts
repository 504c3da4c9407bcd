import { endpoint } from "#lib/http/endpoint.ts";
import { imageCopyListSchema, imageCopyParams, imageCopyQuerySchema, imageCopySchema } from "./schema.ts";

const tag = "image copies";
export const listImageCopiesApi = endpoint({
  method: "GET",
  path: "/image-copies",
  tag,
  summary: "Images of a release order in the registry of an environment, or on their way there",
  query: imageCopyQuerySchema,
  answer: imageCopyListSchema,
});
export const retryImageCopyApi = endpoint({
  method: "POST",
  path: "/image-copies/{id}/retry",
  tag,
  summary: "Copy an image again",
  params: imageCopyParams,
  answer: imageCopySchema,
  status: 202,
});
