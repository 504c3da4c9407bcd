import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { homeApi } from "./api.ts";

export const homeQuery = () =>
  queryOptions({ queryKey: ["home"], queryFn: ({ signal }) => call(homeApi, { signal }) });
