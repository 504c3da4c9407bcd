import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { cancelFreezeApi, createFreezeApi, listFreezesApi } from "./api.ts";
import type { createFreezeSchema } from "./schema.ts";

/** Planned and active windows; of one project (with those of every project), or all that the reader may see. */
export const freezesQuery = (project?: string) =>
  queryOptions({
    queryKey: ["freezes", project ?? ""],
    queryFn: ({ signal }) =>
      call(listFreezesApi, { query: project === undefined ? {} : { project }, signal }),
  });
export const createFreeze = (body: z.input<typeof createFreezeSchema>) => call(createFreezeApi, { body });
export const cancelFreeze = (id: string) => call(cancelFreezeApi, { params: { id } });
