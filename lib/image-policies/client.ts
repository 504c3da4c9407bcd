import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { listImagePoliciesApi, setImagePolicyApi } from "./api.ts";
import type { setImagePolicySchema } from "./schema.ts";

export const imagePoliciesQuery = () =>
  queryOptions({
    queryKey: ["image-policies"],
    queryFn: ({ signal }) => call(listImagePoliciesApi, { signal }),
  });
export const setImagePolicy = (environment: string, body: z.input<typeof setImagePolicySchema>) =>
  call(setImagePolicyApi, { params: { environment }, body });
