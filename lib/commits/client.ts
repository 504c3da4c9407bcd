import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client.ts";
import { getCommitApi } from "./api.ts";

export const commitPageQuery = (params: { project: string; component: string; commit: string }) =>
  queryOptions({
    queryKey: ["commit", params.project, params.component, params.commit],
    queryFn: ({ signal }) => call(getCommitApi, { params, signal }),
  });
