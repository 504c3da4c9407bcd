import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { ANNOTATION, LABEL, MANAGER } from "#lib/plans/labels.ts";

const REQUEST_MS = 10_000;
// Deleting a namespace with running pods takes a controller 10 to 20 s.
const LONGEST_DELETION_MS = 180_000;

/** What makes a namespace somebody's: it is left alone while it holds one of these. */
const CONTENTS = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "PersistentVolumeClaim"],
] as const;
/** Put into every namespace by the control plane. */
const OF_THE_CLUSTER = /^ConfigMap (kube-root-ca\.crt|openshift-service-ca\.crt)$/;

type Place = { server: string; namespace: string; project: string; environment: string };
type Applied = Place & { apiVersion: string; kind: string; name: string };
/** What a demo's database says that it put into clusters. */
export type Traces = { deployments: Set<string>; places: Place[]; objects: Applied[] };

const PLACE = `c.server, t.namespace, p.key AS project, e.key AS environment FROM "Target" t
  JOIN "Cluster" c ON c.id = t."clusterId" JOIN "Project" p ON p.id = t."projectId"
  JOIN "Environment" e ON e.id = t."environmentId"`;

/** Reads from a demo's database what it has deployed, and where. */
export async function readTraces(client: pg.Client): Promise<Traces> {
  const deployments = await client.query<{ id: string }>(`SELECT id FROM "Deployment"`);
  const places = await client.query<Place>(
    `SELECT DISTINCT ${PLACE} JOIN "DeploymentTarget" d ON d."targetId" = t.id`,
  );
  const objects = await client.query<Applied>(
    `SELECT i."apiVersion", i.kind, i.name, ${PLACE} JOIN "InventoryObject" i ON i."targetId" = t.id`,
  );
  return {
    deployments: new Set(deployments.rows.map(({ id }) => id)),
    places: places.rows,
    objects: objects.rows,
  };
}

/** Deletes the objects that still bear the mark of one of the demo's own deployments. */
async function removeObjects(cluster: Cluster, server: string, traces: Traces): Promise<void> {
  for (const { apiVersion, kind, name, namespace } of traces.objects.filter((of) => of.server === server)) {
    const ref = { apiVersion, kind, name, namespace };
    const marked = (await cluster.get(ref))?.metadata.annotations?.[ANNOTATION.deployment];
    if (marked !== undefined && traces.deployments.has(marked)) await cluster.remove(ref);
  }
}

async function isEmpty(cluster: Cluster, namespace: string): Promise<boolean> {
  for (const [apiVersion, kind] of CONTENTS) {
    const { items } = await cluster.list({ apiVersion, kind, namespace });
    const others = items.filter(
      ({ metadata }) =>
        metadata.deletionTimestamp === undefined && !OF_THE_CLUSTER.test(`${kind} ${metadata.name}`),
    );
    if (others.length > 0) return false;
  }
  return true;
}

/** Deletes the namespaces that a portal had made and in which nobody has anything any more; waits until they are gone. */
async function removeNamespaces(cluster: Cluster, places: readonly Place[]): Promise<string[]> {
  const removed: string[] = [];
  for (const { namespace, project, environment } of places) {
    const ref = { apiVersion: "v1", kind: "Namespace", name: namespace };
    const labels = (await cluster.get(ref))?.metadata.labels ?? {};
    const ours =
      labels[LABEL.managedBy] === MANAGER &&
      labels[LABEL.project] === project &&
      labels[LABEL.environment] === environment;
    if (!ours || !(await isEmpty(cluster, namespace))) continue;
    await cluster.remove(ref);
    removed.push(namespace);
  }
  for (const name of removed) {
    for (const end = Date.now() + LONGEST_DELETION_MS; ; await sleep(500)) {
      if ((await cluster.get({ apiVersion: "v1", kind: "Namespace", name })) === null) break;
      if (Date.now() > end) throw new Error(`the namespace ${name} is still being deleted`);
    }
  }
  return removed;
}

/**
 * Empties clusters of what a demo put into them, and of nothing else. A cluster that does not answer is told and left.
 * @param kubeconfig path; its contexts are matched with the demo's clusters by the server's address
 */
export async function removeTraces(
  kubeconfig: string,
  traces: Traces,
  say: (line: string) => void,
): Promise<void> {
  const left = (name: string, error: unknown) =>
    say(
      `What the demo made in ${name} was not removed / 未能清除: ${error instanceof Error ? error.message : error}`,
    );
  const contexts = await readFile(kubeconfig, "utf8")
    .then(splitKubeconfig)
    .catch((error) => left(kubeconfig, error));
  for (const { name, server, kubeconfig: own } of contexts ?? []) {
    try {
      const cluster = createCluster({ kubeconfig: own, timeoutMs: REQUEST_MS });
      const places = traces.places.filter((place) => place.server === server);
      if (places.length === 0) continue;
      await removeObjects(cluster, server, traces);
      const removed = await removeNamespaces(cluster, places);
      say(`Removed from cluster ${name} / 已从集群清除: ${removed.join(", ") || "objects only"}`);
    } catch (error) {
      left(name, error);
    }
  }
}
