import { z } from "zod";
import lists from "./schema/resources.json" with { type: "json" };

const entry = z.object({
  name: z.string(),
  singularName: z.string(),
  namespaced: z.boolean(),
  kind: z.string(),
  verbs: z.array(z.string()),
  group: z.string().optional(),
  version: z.string().optional(),
  shortNames: z.array(z.string()).optional(),
  categories: z.array(z.string()).optional(),
  storageVersionHash: z.string().optional(),
});
const resourceList = z.object({ groupVersion: z.string(), resources: z.array(entry) });

export type ResourceEntry = z.infer<typeof entry>;
export type ResourceList = z.infer<typeof resourceList>;

/** What the server serves, as its own discovery documents say it. */
export const resourceLists: ResourceList[] = z.array(resourceList).parse(lists);

/** A served kind of object. */
export interface Resource {
  /** Plural name, as in URLs. */
  name: string;
  group: string;
  version: string;
  apiVersion: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  subresources: string[];
}

export const resources: Resource[] = resourceLists.flatMap(({ groupVersion, resources: entries }) => {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  return entries
    .filter((item) => !item.name.includes("/"))
    .map((item) => ({
      name: item.name,
      group,
      version,
      apiVersion: groupVersion,
      kind: item.kind,
      namespaced: item.namespaced,
      verbs: item.verbs,
      subresources: entries
        .filter((other) => other.name.startsWith(`${item.name}/`))
        .map((other) => other.name.slice(item.name.length + 1)),
    }));
});

const byPath = new Map(resources.map((item) => [`${item.apiVersion}/${item.name}`, item]));
const byKind = new Map(resources.map((item) => [`${item.apiVersion} ${item.kind}`, item]));

/** The resource at `apps/v1` + `deployments`; undefined where it is not served. */
export function findResource(apiVersion: string, name: string): Resource | undefined {
  return byPath.get(`${apiVersion}/${name}`);
}

export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return byKind.get(`${apiVersion} ${kind}`);
}

/** A resource this program itself relies on. */
export function served(apiVersion: string, name: string): Resource {
  const found = findResource(apiVersion, name);
  if (!found) throw new Error(`${apiVersion} ${name} is missing from the resource table`);
  return found;
}

export const kinds = {
  namespaces: served("v1", "namespaces"),
  pods: served("v1", "pods"),
  nodes: served("v1", "nodes"),
  services: served("v1", "services"),
  configmaps: served("v1", "configmaps"),
  secrets: served("v1", "secrets"),
  events: served("v1", "events"),
  serviceaccounts: served("v1", "serviceaccounts"),
  resourcequotas: served("v1", "resourcequotas"),
  deployments: served("apps/v1", "deployments"),
  replicasets: served("apps/v1", "replicasets"),
  statefulsets: served("apps/v1", "statefulsets"),
  daemonsets: served("apps/v1", "daemonsets"),
  jobs: served("batch/v1", "jobs"),
  cronjobs: served("batch/v1", "cronjobs"),
  autoscalers: served("autoscaling/v2", "horizontalpodautoscalers"),
  roles: served("rbac.authorization.k8s.io/v1", "roles"),
  rolebindings: served("rbac.authorization.k8s.io/v1", "rolebindings"),
  clusterroles: served("rbac.authorization.k8s.io/v1", "clusterroles"),
  clusterrolebindings: served("rbac.authorization.k8s.io/v1", "clusterrolebindings"),
};
