import { endpoint } from "#lib/http/endpoint.ts";
import {
  imagePolicyListSchema,
  imagePolicyParams,
  imagePolicySchema,
  imageVerdictsParams,
  imageVerdictsSchema,
  setImagePolicySchema,
} from "./schema.ts";

const tag = "image policies";
export const listImagePoliciesApi = endpoint({
  method: "GET",
  path: "/image-policies",
  tag,
  summary: "What each environment asks of images",
  answer: imagePolicyListSchema,
});
export const setImagePolicyApi = endpoint({
  method: "PUT",
  path: "/environments/{environment}/image-policy",
  tag,
  summary: "Set what an environment asks of images (admin)",
  params: imagePolicyParams,
  body: setImagePolicySchema,
  answer: imagePolicySchema,
});
export const imageVerdictsApi = endpoint({
  method: "GET",
  path: "/releases/{number}/image-verdicts",
  tag,
  summary: "What each environment on the way would say of a release order's images now",
  params: imageVerdictsParams,
  answer: imageVerdictsSchema,
});
