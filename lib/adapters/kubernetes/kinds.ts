import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { CallOptions } from "../ports.ts";
import { statusError } from "./failure.ts";
import { parseJson } from "./objects.ts";
import type { Transport } from "./transport.ts";

export type Resource = { plural: string; namespaced: boolean };
export type KindRef = { apiVersion: string; kind: string };
export type Kinds = {
  /** @throws {AdapterError} `missing` with `details.missing: "kind"` when the server has no such kind. */
  resourceOf(kind: KindRef, options: CallOptions): Promise<Resource>;
};

const namespaced = (plural: string): Resource => ({ plural, namespaced: true });
const clusterWide = (plural: string): Resource => ({ plural, namespaced: false });

/** Kinds that every server has and the portal meets all the time; the rest is asked for. */
const COMMON: Record<string, Record<string, Resource>> = {
  v1: {
    ConfigMap: namespaced("configmaps"),
    Endpoints: namespaced("endpoints"),
    Event: namespaced("events"),
    LimitRange: namespaced("limitranges"),
    Namespace: clusterWide("namespaces"),
    Node: clusterWide("nodes"),
    PersistentVolume: clusterWide("persistentvolumes"),
    PersistentVolumeClaim: namespaced("persistentvolumeclaims"),
    Pod: namespaced("pods"),
    ResourceQuota: namespaced("resourcequotas"),
    Secret: namespaced("secrets"),
    Service: namespaced("services"),
    ServiceAccount: namespaced("serviceaccounts"),
  },
  "apps/v1": {
    ControllerRevision: namespaced("controllerrevisions"),
    DaemonSet: namespaced("daemonsets"),
    Deployment: namespaced("deployments"),
    ReplicaSet: namespaced("replicasets"),
    StatefulSet: namespaced("statefulsets"),
  },
  "batch/v1": { CronJob: namespaced("cronjobs"), Job: namespaced("jobs") },
  "autoscaling/v2": { HorizontalPodAutoscaler: namespaced("horizontalpodautoscalers") },
  "networking.k8s.io/v1": {
    Ingress: namespaced("ingresses"),
    IngressClass: clusterWide("ingressclasses"),
    NetworkPolicy: namespaced("networkpolicies"),
  },
  "policy/v1": { PodDisruptionBudget: namespaced("poddisruptionbudgets") },
};

const discoverySchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** Base path of a group version: `/api/v1` or `/apis/<group>/<version>`. */
export function groupPath(apiVersion: string): string {
  const parts = apiVersion.split("/").map(encodeURIComponent);
  return parts.length === 1 ? `/api/${parts[0]}` : `/apis/${parts.join("/")}`;
}

/** Finds the resource of a kind; discovery is remembered until a kind is missing from it (a new definition). */
export function createKinds(transport: Transport): Kinds {
  const discovered = new Map<string, Map<string, Resource>>();

  const discover = async (apiVersion: string, { signal }: CallOptions): Promise<Map<string, Resource>> => {
    const what = `resources of ${apiVersion}`;
    const answer = await transport.send({ what, method: "GET", path: groupPath(apiVersion), signal });
    if (answer.status !== 200) throw statusError(what, answer.status, answer.body);
    const resources = new Map<string, Resource>();
    for (const { name, kind, namespaced } of parseJson(what, answer.body, discoverySchema).resources) {
      // `deployments/scale` and the like are parts of a resource.
      if (!name.includes("/")) resources.set(kind, { plural: name, namespaced });
    }
    discovered.set(apiVersion, resources);
    return resources;
  };

  return {
    async resourceOf({ apiVersion, kind }, options) {
      const known = COMMON[apiVersion]?.[kind] ?? discovered.get(apiVersion)?.get(kind);
      if (known) return known;
      const found = (await discover(apiVersion, options)).get(kind);
      if (found) return found;
      const message = `the cluster knows no ${kind} in ${apiVersion}`;
      throw new AdapterError("missing", message, {
        status: 404,
        details: { reason: "NotFound", missing: "kind", causes: [] },
      });
    },
  };
}
