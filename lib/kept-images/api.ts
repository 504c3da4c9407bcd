import { endpoint } from "#lib/http/endpoint.ts";
import {
  keptDigestsQuerySchema,
  keptImageListSchema,
  keptImageQuerySchema,
  keptRetentionSchema,
} from "./schema.ts";

const tag = "kept images";
export const listKeptImagesApi = endpoint({
  method: "GET",
  path: "/kept-images",
  tag,
  summary: "Images that no cleanup may delete, why, and whether their registry was told",
  query: keptImageQuerySchema,
  answer: keptImageListSchema,
});
export const keptDigestsApi = endpoint({
  method: "GET",
  path: "/kept-images/digests",
  tag,
  summary:
    "All of them in one registry, one `repository@digest` a line, for its own cleanup (admin, auditor)",
  query: keptDigestsQuerySchema,
  produces: "text/plain",
});
export const keptRetentionApi = endpoint({
  method: "GET",
  path: "/kept-images/retention",
  tag,
  summary: "The tag retention rule that each project of each Harbor needs to spare them (admin, auditor)",
  answer: keptRetentionSchema,
});
