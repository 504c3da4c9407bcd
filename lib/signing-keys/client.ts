import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { createSigningKeyApi, listSigningKeysApi, updateSigningKeyApi } from "./api.ts";
import type { createSigningKeySchema, updateSigningKeySchema } from "./schema.ts";

export const signingKeysQuery = () =>
  queryOptions({ queryKey: ["signing-keys"], queryFn: ({ signal }) => call(listSigningKeysApi, { signal }) });
export const createSigningKey = (body: z.input<typeof createSigningKeySchema>) =>
  call(createSigningKeyApi, { body });
export const updateSigningKey = (key: string, body: z.input<typeof updateSigningKeySchema>) =>
  call(updateSigningKeyApi, { params: { key }, body });
