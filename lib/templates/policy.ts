import { z } from "zod";
import type { OutputProblem, Rendition } from "./output.ts";

/** Namespaced kinds that a template may make. Anything that gives rights or reaches beyond the namespace is left out. */
export const ALLOWED_KINDS: Readonly<Record<string, readonly string[]>> = {
  v1: ["ServiceAccount", "ConfigMap", "Secret", "Service", "PersistentVolumeClaim"],
  "apps/v1": ["Deployment", "StatefulSet", "DaemonSet"],
  "batch/v1": ["Job", "CronJob"],
  "autoscaling/v2": ["HorizontalPodAutoscaler"],
  "policy/v1": ["PodDisruptionBudget"],
  "networking.k8s.io/v1": ["Ingress", "NetworkPolicy"],
};
const MAX_OBJECTS = 50;
/** What etcd takes in one request, with room for what the server adds. */
const MAX_OBJECT_BYTES = 1024 * 1024;
const MAX_NAME = 253;
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

const containerSchema = z.looseObject({
  securityContext: z.looseObject({ privileged: z.boolean().optional() }).optional(),
});
const podSpecSchema = z.looseObject({
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  volumes: z.array(z.looseObject({ hostPath: z.unknown().optional() })).optional(),
  containers: z.array(containerSchema).optional(),
  initContainers: z.array(containerSchema).optional(),
});
const workloadSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: podSpecSchema }).optional(),
    jobTemplate: z
      .looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: podSpecSchema }) }) })
      .optional(),
  }),
});

/**
 * Pure policy on what a template made for one target. Every problem at once.
 * @param input.reserved names of Secrets that the portal keeps itself
 */
export function checkPolicy(
  manifests: readonly Rendition[],
  input: { namespace: string; reserved: readonly string[] },
): OutputProblem[] {
  const problems: OutputProblem[] = [];
  const add = (code: string, message: string) => problems.push({ code, message, line: null });
  if (manifests.length > MAX_OBJECTS)
    add("TOO_MANY_OBJECTS", `${manifests.length} objects, at most ${MAX_OBJECTS}`);
  const seen = new Set<string>();
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest;
    const what = `${kind} ${metadata.name}`;
    if (!ALLOWED_KINDS[apiVersion]?.includes(kind))
      add("KIND_NOT_ALLOWED", `${what}: ${apiVersion} ${kind} is not allowed`);
    if (metadata.namespace !== undefined && metadata.namespace !== input.namespace) {
      add("NAMESPACE_FOREIGN", `${what}: namespace ${metadata.namespace} is not the target's`);
    }
    if (!NAME.test(metadata.name) || metadata.name.length > MAX_NAME)
      add("NAME_INVALID", `${what}: not a name`);
    const bytes = Buffer.byteLength(JSON.stringify(manifest));
    if (bytes > MAX_OBJECT_BYTES)
      add("OBJECT_TOO_LARGE", `${what}: ${Math.ceil(bytes / 1024)} KiB, at most 1024 KiB`);
    const id = `${apiVersion}/${kind}/${metadata.name}`;
    if (seen.has(id)) add("OBJECT_TWICE", `${what} is there twice`);
    seen.add(id);
    if (kind === "Secret") {
      if (hasEntries(manifest.data) || hasEntries(manifest.stringData)) {
        add("SECRET_LITERAL", `${what}: values of secrets belong into the component's configuration`);
      }
      if (input.reserved.includes(metadata.name))
        add("SECRET_RESERVED", `${what}: the portal keeps this Secret`);
    }
    for (const message of podProblems(manifest)) add("POD_NOT_ALLOWED", `${what}: ${message}`);
  }
  return problems;
}

const hasEntries = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

/** What lets a pod out of its namespace. A shape that is not understood is the server's to refuse. */
function podProblems(manifest: Rendition): string[] {
  const parsed = workloadSchema.safeParse(manifest);
  const pod = parsed.data?.spec.template?.spec ?? parsed.data?.spec.jobTemplate?.spec.template.spec;
  if (!pod) return [];
  const problems: string[] = [];
  if (pod.hostNetwork || pod.hostPID || pod.hostIPC) problems.push("the host's namespaces are not allowed");
  if (pod.volumes?.some((volume) => volume.hostPath !== undefined)) problems.push("hostPath is not allowed");
  const containers = [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
  if (containers.some((container) => container.securityContext?.privileged))
    problems.push("privileged is not allowed");
  return problems;
}
