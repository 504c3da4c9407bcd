import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { createTokenApi, listTokensApi, revokeTokenApi } from "./api.ts";
import type { createTokenSchema } from "./schema.ts";

export const tokensQuery = () =>
  queryOptions({ queryKey: ["tokens"], queryFn: ({ signal }) => call(listTokensApi, { signal }) });
export const createToken = (body: z.input<typeof createTokenSchema>) => call(createTokenApi, { body });
export const revokeToken = (token: string) => call(revokeTokenApi, { params: { token } });
