import { z } from "zod";
import { sha256 } from "#lib/crypto.ts";
import type { PlanManifests } from "#lib/plans/content.ts";
import { ANNOTATION, LABEL, MANAGER } from "#lib/plans/labels.ts";
import type { SmokeCheck } from "#lib/strategies/schema.ts";

type Manifest = PlanManifests["targets"][number]["objects"][number]["manifest"];
const containerSchema = z.looseObject({ name: z.string(), image: z.string() });
const workloadSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ containers: z.array(containerSchema).min(1) }) }),
  }),
});

/** What makes a container serve; a Job that only runs a command has no use for it. */
const SERVING = [
  "ports",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
  "args",
  "stdin",
  "tty",
];
const PLACING = [
  "serviceAccountName",
  "automountServiceAccountToken",
  "imagePullSecrets",
  "volumes",
  "securityContext",
];
const NODES = [
  "nodeSelector",
  "tolerations",
  "affinity",
  "runtimeClassName",
  "hostAliases",
  "dnsPolicy",
  "dnsConfig",
];
const only = (object: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));

/**
 * The Job of a check: the component's first container, with its image, variables and volumes, running the check's
 * command once. Its pod bears no label of the component: a Service must not take it for one of its own. Pure.
 * @returns null when the plan has no workload of the component
 */
export function checkJob(input: {
  check: Extract<SmokeCheck, { kind: "job" }>;
  component: string;
  objects: readonly { component: string; manifest: Manifest }[];
  place: { namespace: string; project: string; environment: string };
  deployment: string;
  plan: string;
  attempt: number;
}): Manifest | null {
  const { check, component, place } = input;
  const workload = input.objects
    .filter((object) => object.component === component)
    .map(({ manifest }) => workloadSchema.safeParse(manifest).data)
    .find((found) => found !== undefined);
  const pod = workload?.spec.template.spec;
  const container = pod?.containers[0];
  if (!pod || !container) return null;
  const id = sha256(`${input.deployment}\n${input.attempt}\n${component}\n${check.name}`).slice(0, 10);
  const labels = {
    [LABEL.managedBy]: MANAGER,
    [LABEL.project]: place.project,
    [LABEL.environment]: place.environment,
    "refract.dev/check": id,
  };
  const kept = Object.fromEntries(Object.entries(container).filter(([name]) => !SERVING.includes(name)));
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${component}-check-${id}`,
      namespace: place.namespace,
      labels,
      annotations: { [ANNOTATION.deployment]: input.deployment, [ANNOTATION.plan]: input.plan },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: check.timeoutSeconds,
      // Long enough to be read by a person, then the cluster removes it.
      ttlSecondsAfterFinished: 3600,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          ...only(pod, [...PLACING, ...NODES]),
          containers: [{ ...kept, name: "check", command: check.command }],
        },
      },
    },
  };
}

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});
const statusSchema = z.looseObject({
  status: z.looseObject({ conditions: z.array(conditionSchema).nullish() }).nullish(),
});

/** How a Job stands, by its conditions. Pure. */
export function jobState(job: Manifest): { state: "running" | "passed" | "failed"; message: string } {
  const conditions = statusSchema.safeParse(job).data?.status?.conditions ?? [];
  const holds = (type: string) => conditions.find((one) => one.type === type && one.status === "True");
  const failed = holds("Failed");
  if (failed) return { state: "failed", message: `${failed.reason ?? "Failed"}: ${failed.message ?? ""}` };
  if (holds("Complete")) return { state: "passed", message: "the command ended with 0" };
  return { state: "running", message: "the command runs" };
}
