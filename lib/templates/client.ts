import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  createTemplateApi,
  getTemplateApi,
  listTemplatesApi,
  listTemplateVersionsApi,
  previewTemplateApi,
  updateTemplateApi,
} from "./api.ts";
import type { createTemplateSchema, previewSchema, updateTemplateSchema } from "./schema.ts";

/** Templates that a project's components may use: its own and the global ones. */
export const templatesQuery = (project: string) =>
  queryOptions({
    queryKey: ["templates", { project }],
    queryFn: ({ signal }) => call(listTemplatesApi, { query: { project, limit: 200 }, signal }),
  });
export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ["template", id],
    queryFn: ({ signal }) => call(getTemplateApi, { params: { id }, signal }),
  });
export const templateVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["template-versions", id],
    queryFn: ({ signal }) => call(listTemplateVersionsApi, { params: { id }, signal }),
  });
/** What a text comes to for a component, in every environment of its project. Nothing is saved. */
export const previewQuery = (input: z.input<typeof previewSchema>) =>
  queryOptions({
    queryKey: ["template-preview", input.project, input.component, input.body],
    queryFn: ({ signal }) => call(previewTemplateApi, { body: input, signal }),
    // The text is the key: the same one again comes to the same unless a configuration changed.
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });

export const createTemplate = (body: z.input<typeof createTemplateSchema>) =>
  call(createTemplateApi, { body });
export const updateTemplate = (id: string, body: z.input<typeof updateTemplateSchema>) =>
  call(updateTemplateApi, { params: { id }, body });
