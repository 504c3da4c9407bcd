import { parse, stringify } from "yaml";
import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";

const clusterSchema = z.object({ server: z.url({ protocol: /^https?$/ }) }).loose();
const kubeconfigSchema = z
  .object({
    clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })).min(1),
    users: z
      .array(z.object({ name: z.string(), user: z.record(z.string(), z.unknown()).nullish() }))
      .nullish(),
    contexts: z
      .array(
        z.object({
          name: z.string().min(1),
          context: z.object({ cluster: z.string(), user: z.string().nullish() }).loose(),
        }),
      )
      .min(1),
    "current-context": z.string().nullish(),
  })
  .loose();
type Kubeconfig = z.infer<typeof kubeconfigSchema>;

/** Keys that would run a program or read a file of the machine that the portal runs on. */
const REFUSED_USER_KEYS = [
  "exec",
  "auth-provider",
  "tokenFile",
  "token-file",
  "client-certificate",
  "client-key",
] as const;
/** Acting as somebody else is not supported by the client library and would be ignored silently. */
const REFUSED_IMPERSONATION = ["as", "as-uid", "as-groups", "as-user-extra"] as const;

const refuse = (message: string): never => {
  throw new AdapterError("invalid", `kubeconfig: ${message}`);
};

function read(yaml: string): Kubeconfig {
  let text: unknown;
  try {
    text = parse(yaml, { maxAliasCount: 20 });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const parsed = kubeconfigSchema.safeParse(text);
  return parsed.success ? parsed.data : refuse(z.prettifyError(parsed.error));
}

function entriesOf(config: Kubeconfig, context: Kubeconfig["contexts"][number]) {
  const cluster = config.clusters.find((entry) => entry.name === context.context.cluster);
  if (!cluster)
    return refuse(`context ${context.name} names the cluster ${context.context.cluster}, which is not there`);
  const user = config.users?.find((entry) => entry.name === context.context.user);
  if (context.context.user && !user) {
    return refuse(`context ${context.name} names the user ${context.context.user}, who is not there`);
  }
  if ("certificate-authority" in cluster.cluster) {
    refuse("certificate-authority names a file; embed it (kubectl config view --flatten)");
  }
  if ("proxy-url" in cluster.cluster) {
    refuse("proxy-url sends the credential's requests elsewhere; register the address of the server itself");
  }
  for (const key of REFUSED_USER_KEYS) {
    if (user?.user && key in user.user) {
      refuse(`${key} runs a program or reads a file here; use a token or embedded certificates`);
    }
  }
  for (const key of REFUSED_IMPERSONATION) {
    if (user?.user && key in user.user) refuse(`impersonation (${key}) is not supported`);
  }
  return { cluster, user };
}

export type KubeconfigSummary = {
  /** Address of the API server of the chosen context. */
  server: string;
  /** Name of the chosen context. */
  context: string;
  contexts: string[];
};

/**
 * Checks a kubeconfig and says what it points to.
 * @param contextName the context to use; the current one (or the only one) if left out
 * @throws {AdapterError} `invalid` for text that is no kubeconfig, a missing context, an `exec` or `auth-provider`
 * user, impersonation, a proxy, or a reference to a file.
 */
export function parseKubeconfig(yaml: string, contextName?: string): KubeconfigSummary {
  const config = read(yaml);
  const only = config.contexts.length === 1 ? config.contexts[0]?.name : undefined;
  const name = contextName ?? (config["current-context"] || only);
  const context = config.contexts.find((entry) => entry.name === name);
  if (!context) return refuse(name ? `there is no context ${name}` : "no current context");
  const { cluster } = entriesOf(config, context);
  return {
    server: cluster.cluster.server,
    context: context.name,
    contexts: config.contexts.map((entry) => entry.name),
  };
}

/**
 * One kubeconfig for each context, with nothing of the others in it.
 * @throws {AdapterError} `invalid` as `parseKubeconfig` does, for any of the contexts.
 */
export function splitKubeconfig(yaml: string): { name: string; server: string; kubeconfig: string }[] {
  const config = read(yaml);
  return config.contexts.map((context) => {
    const { cluster, user } = entriesOf(config, context);
    const own = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": context.name,
      clusters: [cluster],
      users: user ? [user] : [],
      contexts: [context],
    };
    return { name: context.name, server: cluster.cluster.server, kubeconfig: stringify(own) };
  });
}
