import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  createEnvironmentApi,
  listEnvironmentsApi,
  listTargetsApi,
  setTargetsApi,
  updateEnvironmentApi,
} from "./api.ts";
import type { createEnvironmentSchema, setTargetsSchema, updateEnvironmentSchema } from "./schema.ts";

export const environmentsQuery = () =>
  queryOptions({
    queryKey: ["environments"],
    queryFn: ({ signal }) => call(listEnvironmentsApi, { signal }),
  });
export const targetsQuery = (project: string) =>
  queryOptions({
    queryKey: ["targets", project],
    queryFn: ({ signal }) => call(listTargetsApi, { params: { project }, signal }),
  });

export const createEnvironment = (body: z.input<typeof createEnvironmentSchema>) =>
  call(createEnvironmentApi, { body });
export const updateEnvironment = (environment: string, body: z.input<typeof updateEnvironmentSchema>) =>
  call(updateEnvironmentApi, { params: { environment }, body });
export const setTargets = (project: string, body: z.input<typeof setTargetsSchema>) =>
  call(setTargetsApi, { params: { project }, body });
