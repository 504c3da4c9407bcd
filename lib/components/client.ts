import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { listTemplatesApi } from "#lib/templates/api.ts";
import { createComponentApi, getComponentApi, listComponentsApi, updateComponentApi } from "./api.ts";
import { getConfigApi, listConfigVersionsApi, updateConfigApi } from "./config-api.ts";
import type { updateConfigSchema } from "./config-schema.ts";
import type { createComponentSchema, updateComponentSchema } from "./schema.ts";

export const componentsQuery = (project: string) =>
  queryOptions({
    queryKey: ["components", project],
    queryFn: ({ signal }) => call(listComponentsApi, { params: { project }, signal }),
  });
export const componentQuery = (project: string, component: string) =>
  queryOptions({
    queryKey: ["component", project, component],
    queryFn: ({ signal }) => call(getComponentApi, { params: { project, component }, signal }),
  });

export const createComponent = (project: string, body: z.input<typeof createComponentSchema>) =>
  call(createComponentApi, { params: { project }, body });
export const updateComponent = (
  project: string,
  component: string,
  body: z.input<typeof updateComponentSchema>,
) => call(updateComponentApi, { params: { project, component }, body });

export type ConfigPlace = { project: string; component: string; environment: string };
export const configQuery = (params: ConfigPlace) =>
  queryOptions({
    queryKey: ["config", params.project, params.component, params.environment],
    queryFn: ({ signal }) => call(getConfigApi, { params, signal }),
  });
export const configVersionsQuery = (params: ConfigPlace) =>
  queryOptions({
    queryKey: ["config-versions", params.project, params.component, params.environment],
    queryFn: ({ signal }) => call(listConfigVersionsApi, { params, signal }),
  });
/** Templates that a component of the project may choose from. */
export const choosableTemplatesQuery = (project: string) =>
  queryOptions({
    queryKey: ["templates", { project }],
    queryFn: ({ signal }) => call(listTemplatesApi, { query: { project, limit: 200 }, signal }),
  });
export const updateConfig = (params: ConfigPlace, body: z.input<typeof updateConfigSchema>) =>
  call(updateConfigApi, { params, body });
