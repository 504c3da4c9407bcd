import { z } from "zod";
import { endpoint } from "#lib/http/endpoint.ts";

export const openApiApi = endpoint({
  method: "GET",
  path: "/openapi.json",
  tag: "openapi",
  summary: "This document",
  answer: z.record(z.string(), z.unknown()),
});
