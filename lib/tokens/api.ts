import { endpoint } from "#lib/http/endpoint.ts";
import { createdTokenSchema, createTokenSchema, tokenListSchema, tokenParams } from "./schema.ts";

const tag = "tokens";
export const listTokensApi = endpoint({
  method: "GET",
  path: "/tokens",
  tag,
  summary: "One's own API tokens",
  answer: tokenListSchema,
});
export const createTokenApi = endpoint({
  method: "POST",
  path: "/tokens",
  tag,
  summary: "Create an API token; it is shown once",
  body: createTokenSchema,
  answer: createdTokenSchema,
  status: 201,
});
export const revokeTokenApi = endpoint({
  method: "DELETE",
  path: "/tokens/{token}",
  tag,
  summary: "Revoke an API token",
  params: tokenParams,
  answer: tokenListSchema,
});
