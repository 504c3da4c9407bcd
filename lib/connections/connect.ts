import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { parseKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import type { BuildServer, Cluster, ImageRegistry, Metrics } from "#lib/adapters/ports.ts";
import { createPrometheus } from "#lib/adapters/prometheus/client.ts";
import { createRegistryOfKind } from "#lib/adapters/registry/client.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { guardedLookup, refuseServer } from "./networks.ts";
import { clusterNetworks, guardSockets } from "./where.ts";

/** What each credential is bound to when it is encrypted; see encryptSecret. */
export const secretContext = {
  cluster: (id: string) => `cluster:${id}`,
  buildServer: (id: string) => `build-server:${id}`,
  registry: (id: string) => `registry:${id}`,
  sourceHost: (id: string) => `source-host:${id}`,
  sourceHostApi: (id: string) => `source-host-api:${id}`,
  webhook: (sourceHostId: string) => `webhook:${sourceHostId}`,
  buildVariable: (componentId: string, name: string) => `build-variable:${componentId}:${name}`,
  configSecret: (configId: string, name: string) => `config-secret:${configId}:${name}`,
};

const clients = new Map<string, { stamp: string; client: unknown }>();
/** Clients are kept per row and credential, so that connections and caches are shared. */
export function cached<Client>(key: string, stamp: string, make: () => Client): Client {
  const known = clients.get(key);
  if (known?.stamp === stamp) return known.client as Client;
  const client = make();
  clients.set(key, { stamp, client });
  return client;
}

/**
 * Looks again at where the server is: literal addresses here, names whenever a connection is made.
 * @throws AppError NOT_FOUND; INVALID_STATE when the cluster has no credential. AdapterError `invalid` when it is where
 * clusters may not be
 */
export async function connectCluster(clusterId: string): Promise<Cluster> {
  const row = await db.cluster.findUnique({
    where: { id: clusterId },
    select: { key: true, server: true, credentialEncrypted: true },
  });
  if (!row) throw new AppError("NOT_FOUND", "no such cluster");
  const { credentialEncrypted } = row;
  if (!credentialEncrypted) throw new AppError("INVALID_STATE", `cluster ${row.key} has no credential`);
  const networks = clusterNetworks();
  refuseServer(networks, row.server);
  return cached(`cluster:${clusterId}`, credentialEncrypted, () => {
    const kubeconfig = decryptSecret(credentialEncrypted, secretContext.cluster(clusterId));
    // What is asked is the server that the kubeconfig names.
    refuseServer(networks, parseKubeconfig(kubeconfig).server);
    return createCluster({ kubeconfig, lookup: guardedLookup(networks) });
  });
}

/**
 * The Prometheus of a project. Owners name it, so it is held to the networks in which clusters may be.
 * @throws AdapterError `invalid` when it is elsewhere
 */
export function connectMetrics(url: string): Metrics {
  const networks = clusterNetworks();
  refuseServer(networks, url);
  return createPrometheus({ url, lookup: guardedLookup(networks) });
}

/** What is needed of a build server's row to speak to it. */
export const buildServerSelect = {
  id: true,
  key: true,
  url: true,
  username: true,
  tokenEncrypted: true,
  credentialKind: true,
  jobName: true,
} as const;
export type BuildServerRow = Record<keyof typeof buildServerSelect, string>;

/** @throws AppError NOT_FOUND */
export async function connectBuildServer(buildServerId: string): Promise<BuildServer> {
  const row = await db.buildServer.findUnique({ where: { id: buildServerId }, select: buildServerSelect });
  if (!row) throw new AppError("NOT_FOUND", "no such build server");
  return buildServerOf(row);
}

/** The client of a build server whose row is at hand. */
export function buildServerOf(row: BuildServerRow): BuildServer {
  guardSockets();
  const { credentialKind } = row;
  const stamp = [row.url, row.username, row.tokenEncrypted, credentialKind, row.jobName].join("\n");
  return cached(`build-server:${row.id}`, stamp, () =>
    createJenkins({
      url: row.url,
      username: row.username,
      token: decryptSecret(row.tokenEncrypted, secretContext.buildServer(row.id)),
      credentialKind: credentialKind === "password" ? "password" : "token",
      jobName: row.jobName,
    }),
  );
}

/** @throws AppError NOT_FOUND */
export async function connectRegistry(registryId: string): Promise<ImageRegistry> {
  const row = await db.registry.findUnique({ where: { id: registryId } });
  if (!row) throw new AppError("NOT_FOUND", "no such registry");
  guardSockets();
  const stamp = [row.url, row.kind, row.username, row.passwordEncrypted].join("\n");
  return cached(`registry:${row.id}`, stamp, () =>
    createRegistryOfKind(row.kind === "harbor" ? "harbor" : "oci", {
      url: row.url,
      ...(row.username && row.passwordEncrypted
        ? {
            credentials: {
              username: row.username,
              password: decryptSecret(row.passwordEncrypted, secretContext.registry(row.id)),
            },
          }
        : {}),
    }),
  );
}
