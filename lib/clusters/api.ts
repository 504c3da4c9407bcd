import { endpoint } from "#lib/http/endpoint.ts";
import { clusterListSchema, clusterParams, clusterSchema, createClusterSchema } from "./schema.ts";

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
export const checkClusterApi = endpoint({
  method: "POST",
  path: "/clusters/{cluster}/check",
  tag,
  summary: "Check now: reachable, version, rights (admin)",
  params: clusterParams,
  answer: clusterSchema,
});
