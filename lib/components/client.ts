import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import { createComponentApi, getComponentApi, listComponentsApi, updateComponentApi } from "./api.ts";
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
