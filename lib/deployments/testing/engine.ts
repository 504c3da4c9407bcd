import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { parseKubeconfig, splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { startKubernetes } from "#sandbox/kubernetes/server.ts";
import { startRegistry } from "#sandbox/registry/server.ts";

const file = process.env.CONFORMANCE_KUBECONFIG;
/** Whether the cluster is a real control plane: the one named by CONFORMANCE_KUBECONFIG. */
const REAL_CLUSTER = file !== undefined && file !== "";

/** Registers a cluster as an admin would, with its own credential. */
export async function addCluster(key: string, kubeconfig: string): Promise<string> {
  const { server } = parseKubeconfig(kubeconfig);
  const { id } = await db.cluster.create({ data: { key, name: key, server } });
  const credentialEncrypted = encryptSecret(kubeconfig, secretContext.cluster(id));
  await db.cluster.update({ where: { id }, data: { credentialEncrypted } });
  return id;
}

/**
 * What every case of the engine's conformance shares: a cluster (the real one if it is named, else the sandbox), a
 * registry, an open environment, and namespaces with a random suffix that are removed at the end.
 */
export async function makeEngine() {
  const folder = await mkdtemp(join(tmpdir(), "refract-engine-"));
  const registryDir = join(folder, "registry");
  const registry = await startRegistry({ port: 0, dataDir: registryDir });
  const sandbox = REAL_CLUSTER
    ? null
    : await startKubernetes({
        port: 0,
        dataDir: join(folder, "cluster"),
        name: "sandbox",
        adminToken: "admin",
        restrictedToken: "restricted",
      });
  const given =
    file && REAL_CLUSTER ? splitKubeconfig(await readFile(file, "utf8"))[0]?.kubeconfig : undefined;
  const kubeconfig = sandbox?.kubeconfig ?? given ?? "";
  const clusterId = await addCluster("one", kubeconfig);
  const client = createCluster({ kubeconfig });
  const other = createCluster({ kubeconfig, fieldManager: "other-tool" });
  const environment = await db.environment.create({
    data: { key: "FAT", name: "FAT", rank: 1, kind: "open" },
  });
  const servers = await Promise.all([
    db.buildServer.create({
      data: { key: "ci", name: "CI", url: "http://127.0.0.1:1", username: "ci", tokenEncrypted: "none" },
    }),
    db.registry.create({ data: { key: "images", name: "Images", url: registry.url } }),
  ]);
  const user = async (username: string) =>
    (await db.user.create({ data: { username, displayName: username.toUpperCase() } })).id;
  const people = { dev: await user("dev"), ops: await user("ops") };
  const suffix = randomBytes(4).toString("hex");
  const namespaces: string[] = [];
  const namespace = { apiVersion: "v1", kind: "Namespace" };
  return {
    kubeconfig,
    /** Who has no rights but those that a test binds; null on a real cluster, which has accounts. */
    sandboxUser: sandbox && { name: "deployer", token: "restricted" },
    client,
    other,
    clusterId,
    environment,
    people,
    servers: { buildServerId: servers[0].id, registryId: servers[1].id },
    registry: { url: registry.url, host: `127.0.0.1:${registry.port}`, dataDir: registryDir },
    /** A name that nobody has; the namespace is removed at the end, whoever makes it. */
    reserveNamespace(): string {
      const name = `refract-engine-${suffix}-${namespaces.length + 1}`;
      namespaces.push(name);
      return name;
    },
    async createNamespace(name: string, labels: Record<string, string> = {}): Promise<void> {
      await client.createNamespace(name, labels);
    },
    async close(): Promise<void> {
      for (const name of namespaces) await client.remove({ ...namespace, name });
      await Promise.all([sandbox?.close(), registry.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Engine = Awaited<ReturnType<typeof makeEngine>>;
