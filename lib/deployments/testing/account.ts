import { parse, parseAllDocuments, stringify } from "yaml";
import { z } from "zod";
import { createTransport } from "#lib/adapters/kubernetes/transport.ts";
import type { Manifest } from "#lib/adapters/ports.ts";
import { manifestSchema } from "#lib/plans/content.ts";
import type { Engine } from "./engine.ts";

const configSchema = z.looseObject({ users: z.array(z.looseObject({ name: z.string() })) });
const tokenSchema = z.object({ status: z.object({ token: z.string() }) });

/** A kubeconfig for the same server with another token. */
export function withToken(kubeconfig: string, token: string): string {
  const config = configSchema.parse(parse(kubeconfig));
  return stringify({ ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) });
}

/**
 * An account without any right: a ServiceAccount of a real cluster with a token by TokenRequest; in the sandbox, which
 * gives no tokens, its restricted user.
 */
export async function makeAccount(engine: Engine): Promise<{ user: string; kubeconfig: string }> {
  const { kubeconfig, sandboxUser } = engine;
  if (sandboxUser) return { user: sandboxUser.name, kubeconfig: withToken(kubeconfig, sandboxUser.token) };
  const namespace = engine.reserveNamespace();
  await engine.createNamespace(namespace);
  const metadata = { name: "portal", namespace };
  await engine.client.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  const answer = await createTransport({ kubeconfig, timeoutMs: 10_000 }).send({
    what: "token request",
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/portal/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
  });
  const { token } = tokenSchema.parse(JSON.parse(answer.body)).status;
  return { user: `system:serviceaccount:${namespace}:portal`, kubeconfig: withToken(kubeconfig, token) };
}

/** The objects of a YAML text, as an administrator would apply them. */
export function objectsIn(text: string): Manifest[] {
  const documents = parseAllDocuments(text);
  return Array.isArray(documents) ? documents.map((document) => manifestSchema.parse(document.toJS())) : [];
}
