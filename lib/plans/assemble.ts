import { z } from "zod";
import { secretNameOf } from "#lib/templates/context.ts";
import type { PlanManifests } from "./content.ts";
import { ANNOTATION, objectLabels } from "./labels.ts";

export type PlannedObject = PlanManifests["targets"][number]["objects"][number];
type Manifest = PlannedObject["manifest"];

/** What others need comes first. Kinds that are not named stand before the workloads. */
const ORDER = [
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
  "Service",
  "NetworkPolicy",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "PodDisruptionBudget",
  "HorizontalPodAutoscaler",
  "Ingress",
];
const rank = (kind: string): number => {
  const index = ORDER.indexOf(kind);
  return index < 0 ? ORDER.indexOf("Deployment") - 0.5 : index;
};

const podTemplateSchema = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).optional(),
});
const withTemplateSchema = z.looseObject({ template: podTemplateSchema });
const withJobTemplateSchema = z.looseObject({ jobTemplate: z.looseObject({ spec: withTemplateSchema }) });

/**
 * The objects of one component on one target as they are applied: namespace and labels set on each (and on pod
 * templates), with the component's Secret when it has secret variables. Pure.
 */
export function assembleComponent(input: {
  rendered: readonly Manifest[];
  project: string;
  component: string;
  environment: string;
  release: string;
  namespace: string;
  /** Version by name; values are filled in while applying. */
  secrets: Record<string, number>;
}): PlannedObject[] {
  const labels = objectLabels(input);
  const objects: PlannedObject[] = input.rendered.map((manifest) => ({
    component: input.component,
    manifest: complete(withPodLabels(placed(manifest, input.namespace, labels), labels)),
    phase: "apply",
    takeOver: [],
  }));
  if (Object.keys(input.secrets).length > 0) {
    const name = secretNameOf(input.component);
    const secret: Manifest = { apiVersion: "v1", kind: "Secret", metadata: { name }, type: "Opaque" };
    objects.push({
      component: input.component,
      manifest: withSecretVersions(placed(secret, input.namespace, labels), input.secrets),
      secretVersions: input.secrets,
      phase: "apply",
      takeOver: [],
    });
  }
  return objects;
}

/** Puts objects of several components into the order in which they are applied. Pure and stable. */
export const applyOrder = (objects: readonly PlannedObject[]): PlannedObject[] =>
  [...objects].sort((a, b) => rank(a.manifest.kind) - rank(b.manifest.kind));

/** Names in an annotation which version of each value a Secret holds: the cluster's answer never has to be decoded. */
export function withSecretVersions(manifest: Manifest, versions: Record<string, number>): Manifest {
  const sorted = Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));
  const annotations = {
    ...manifest.metadata.annotations,
    [ANNOTATION.secretVersions]: JSON.stringify(sorted),
  };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

function placed(manifest: Manifest, namespace: string, labels: Record<string, string>): Manifest {
  const metadata = { ...manifest.metadata, namespace, labels: { ...manifest.metadata.labels, ...labels } };
  return { ...manifest, metadata };
}

const rollingSchema = z.looseObject({
  type: z.literal("RollingUpdate").default("RollingUpdate"),
  rollingUpdate: z.record(z.string(), z.unknown()).default({}),
});
const specSchema = z.looseObject({ paused: z.boolean().default(false), strategy: z.unknown().optional() });

/**
 * What a Deployment's template leaves to the server and the portal must own. `paused`: one that somebody left paused
 * would take the new version and never bring it up. The numbers of a rolling update (the server's own): as defaults
 * nobody owns they would stay, and be refused, when the component is to be recreated.
 */
function complete(manifest: Manifest): Manifest {
  const spec = manifest.kind === "Deployment" ? specSchema.safeParse(manifest.spec).data : undefined;
  if (!spec) return manifest;
  const rolling = rollingSchema.safeParse(spec.strategy ?? {}).data;
  const rollingUpdate = { maxSurge: "25%", maxUnavailable: "25%", ...rolling?.rollingUpdate };
  const strategy = rolling ? { ...rolling, rollingUpdate } : spec.strategy;
  return { ...manifest, spec: { ...spec, strategy } };
}

type PodTemplate = z.infer<typeof podTemplateSchema>;
const labelled = (template: PodTemplate, labels: Record<string, string>): PodTemplate => ({
  ...template,
  metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
});

function withPodLabels(manifest: Manifest, labels: Record<string, string>): Manifest {
  const plain = withTemplateSchema.safeParse(manifest.spec);
  if (plain.success)
    return { ...manifest, spec: { ...plain.data, template: labelled(plain.data.template, labels) } };
  const cron = withJobTemplateSchema.safeParse(manifest.spec);
  if (!cron.success) return manifest;
  const { jobTemplate } = cron.data;
  const template = labelled(jobTemplate.spec.template, labels);
  return {
    ...manifest,
    spec: { ...cron.data, jobTemplate: { ...jobTemplate, spec: { ...jobTemplate.spec, template } } },
  };
}
