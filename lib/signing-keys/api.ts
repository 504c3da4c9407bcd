import { endpoint } from "#lib/http/endpoint.ts";
import {
  createSigningKeySchema,
  signingKeyListSchema,
  signingKeyParams,
  signingKeySchema,
  updateSigningKeySchema,
} from "./schema.ts";

const tag = "signing-keys";
export const listSigningKeysApi = endpoint({
  method: "GET",
  path: "/signing-keys",
  tag,
  summary: "Public keys whose cosign signatures count",
  answer: signingKeyListSchema,
});
export const createSigningKeyApi = endpoint({
  method: "POST",
  path: "/signing-keys",
  tag,
  summary: "Register a public key in PEM (admin); a private key is refused",
  body: createSigningKeySchema,
  answer: signingKeySchema,
  status: 201,
});
export const updateSigningKeyApi = endpoint({
  method: "PATCH",
  path: "/signing-keys/{key}",
  tag,
  summary: "Rename a key or revoke it, for good (admin)",
  params: signingKeyParams,
  body: updateSigningKeySchema,
  answer: signingKeySchema,
});
