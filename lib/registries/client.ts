import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "#lib/http/client.ts";
import {
  checkRegistryApi,
  createRegistryApi,
  deleteRegistryApi,
  listRegistriesApi,
  updateRegistryApi,
} from "./api.ts";
import type { createRegistrySchema, updateRegistrySchema } from "./schema.ts";

export const registriesQuery = () =>
  queryOptions({ queryKey: ["registries"], queryFn: ({ signal }) => call(listRegistriesApi, { signal }) });
export const createRegistry = (body: z.input<typeof createRegistrySchema>) =>
  call(createRegistryApi, { body });
export const checkRegistry = (registry: string) => call(checkRegistryApi, { params: { registry } });
export const updateRegistry = (registry: string, body: z.input<typeof updateRegistrySchema>) =>
  call(updateRegistryApi, { params: { registry }, body });
export const deleteRegistry = (registry: string) => call(deleteRegistryApi, { params: { registry } });
