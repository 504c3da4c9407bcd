import { type InfiniteData, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  createWebhookRuleApi,
  deleteWebhookRuleApi,
  dropWebhookSecretApi,
  listWebhookDeliveriesApi,
  listWebhookRulesApi,
  setWebhookSecretApi,
} from "./api.ts";
import type { createWebhookRuleSchema, webhookDeliveryListSchema } from "./schema.ts";

type Page = z.infer<typeof webhookDeliveryListSchema>;

export const webhookRulesQuery = (project: string) =>
  queryOptions({
    queryKey: ["webhook-rules", project],
    queryFn: ({ signal }) => call(listWebhookRulesApi, { params: { project }, signal }),
  });
export const createWebhookRule = (project: string, body: z.input<typeof createWebhookRuleSchema>) =>
  call(createWebhookRuleApi, { params: { project }, body });
export const deleteWebhookRule = (project: string, rule: string) =>
  call(deleteWebhookRuleApi, { params: { project, rule } });

export const webhookDeliveriesQuery = (sourceHost: string) =>
  infiniteQueryOptions<Page, Error, InfiniteData<Page, string>, string[], string>({
    queryKey: ["webhook-deliveries", sourceHost],
    queryFn: ({ signal, pageParam }) =>
      call(listWebhookDeliveriesApi, {
        params: { sourceHost },
        query: { limit: "20", ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
export const setWebhookSecret = (sourceHost: string) => call(setWebhookSecretApi, { params: { sourceHost } });
export const dropWebhookSecret = (sourceHost: string) =>
  call(dropWebhookSecretApi, { params: { sourceHost } });
