import { endpoint } from "#lib/http/endpoint.ts";
import {
  clusterListSchema,
  clusterParams,
  clusterSchema,
  createClusterSchema,
  updateClusterSchema,
} from "./schema.ts";

const tag = "clusters";
export const listClustersApi = endpoint({
  method: "GET",
  path: "/clusters",
  tag,
  summary: "Registered clusters (admin)",
  answer: clusterListSchema,
});
export const createClusterApi = endpoint({
  method: "POST",
  path: "/clusters",
  tag,
  summary: "Register a cluster from a kubeconfig (admin)",
  body: createClusterSchema,
  answer: clusterSchema,
  status: 201,
});
export const updateClusterApi = endpoint({
  method: "PATCH",
  path: "/clusters/{cluster}",
  tag,
  summary: "Rename a cluster, or give it another server and credential (admin)",
  params: clusterParams,
  body: updateClusterSchema,
  answer: clusterSchema,
});
export const checkClusterApi = endpoint({
  method: "POST",
  path: "/clusters/{cluster}/check",
  tag,
  summary: "Check now: reachable, version, rights in every target's namespace (admin)",
  params: clusterParams,
  answer: clusterSchema,
});
