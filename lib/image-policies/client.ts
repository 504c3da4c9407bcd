import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { imageVerdictsApi, listImagePoliciesApi, setImagePolicyApi } from "./api.ts";
import type { setImagePolicySchema } from "./schema.ts";

export const imagePoliciesQuery = () =>
  queryOptions({
    queryKey: ["image-policies"],
    queryFn: ({ signal }) => call(listImagePoliciesApi, { signal }),
  });
export const IMAGE_VERDICTS_KEY = ["image-verdicts"] as const;
export const imageVerdictsQuery = (number: string) =>
  queryOptions({
    queryKey: [...IMAGE_VERDICTS_KEY, number],
    queryFn: ({ signal }) => call(imageVerdictsApi, { params: { number }, signal }),
  });
export const setImagePolicy = (environment: string, body: z.input<typeof setImagePolicySchema>) =>
  call(setImagePolicyApi, { params: { environment }, body });
