import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { checkSourceHostApi, createSourceHostApi, listSourceHostsApi, updateSourceHostApi } from "./api.ts";
import type { createSourceHostSchema, updateSourceHostSchema } from "./schema.ts";

export const sourceHostsQuery = () =>
  queryOptions({ queryKey: ["source-hosts"], queryFn: ({ signal }) => call(listSourceHostsApi, { signal }) });
export const createSourceHost = (body: z.input<typeof createSourceHostSchema>) =>
  call(createSourceHostApi, { body });
export const updateSourceHost = (sourceHost: string, body: z.input<typeof updateSourceHostSchema>) =>
  call(updateSourceHostApi, { params: { sourceHost }, body });
export const checkSourceHost = (sourceHost: string) => call(checkSourceHostApi, { params: { sourceHost } });
