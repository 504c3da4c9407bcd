import type { JsonObject } from "../json.ts";
import { equal, numberAt, objectsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import { kinds, resourceOfKind } from "../resources.ts";
import { rescale } from "../scale.ts";
import type { Tools } from "./controller.ts";
import { control, MANAGER, replicasOf } from "./controller.ts";

const LOOK_EVERY = 15_000;
const NO_METRICS =
  "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";

/**
 * Autoscalers of a cluster without a metrics API: they keep their target between minReplicas and maxReplicas and say
 * that they see no metrics. Answers how to stop.
 */
export function runAutoscalers(tools: Tools): () => void {
  return control(tools.registry, kinds.autoscalers, (autoscaler) => {
    if (autoscaler.metadata.deletionTimestamp) return undefined;
    look(tools, autoscaler);
    return LOOK_EVERY;
  });
}

function look({ registry, recorder }: Tools, autoscaler: KubeObject): void {
  const { namespace = "", name } = autoscaler.metadata;
  const target = (key: string) => textAt(autoscaler, "spec", "scaleTargetRef", key);
  const resource = resourceOfKind(target("apiVersion"), target("kind"));
  const scalable = resource?.subresources.includes("scale") ? resource : undefined;
  const object = scalable && registry.store.get(scalable, namespace, target("name"));
  const conditions: JsonObject[] = [];
  let status: JsonObject;
  if (!scalable || !object) {
    const plural = `${resource?.name ?? target("kind")}.${resource?.group ?? ""}`;
    const message = `the HPA controller was unable to get the target's current scale: ${plural} "${target("name")}" not found`;
    conditions.push(condition(autoscaler, "AbleToScale", "False", "FailedGetScale", message));
    status = { desiredReplicas: 0, currentMetrics: null, conditions };
  } else {
    const current = replicasOf(object);
    const least = numberAt(autoscaler, "spec", "minReplicas") ?? 1;
    const most = numberAt(autoscaler, "spec", "maxReplicas") ?? current;
    const wanted = current === 0 ? 0 : Math.min(Math.max(current, least), most);
    if (wanted !== current) {
      rescale(registry, scalable, object, wanted, { manager: MANAGER });
      const why =
        current < least
          ? "Current number of replicas below Spec.MinReplicas"
          : "Current number of replicas above Spec.MaxReplicas";
      const message = `New size: ${wanted}; reason: ${why}`;
      recorder.record(autoscaler, { type: "Normal", reason: "SuccessfulRescale", message });
    }
    const able = "the HPA controller was able to get the target's current scale";
    conditions.push(condition(autoscaler, "AbleToScale", "True", "SucceededGetScale", able));
    conditions.push(condition(autoscaler, "ScalingActive", "False", "FailedGetResourceMetric", NO_METRICS));
    const scaledAt = wanted === current ? textAt(autoscaler, "status", "lastScaleTime") : now();
    status = {
      ...(scaledAt === "" ? {} : { lastScaleTime: scaledAt }),
      ...(current > 0 ? { currentReplicas: current } : {}),
      desiredReplicas: wanted,
      currentMetrics: [{ type: "" }],
      conditions,
    };
  }
  if (equal(status, autoscaler.status)) return;
  registry.update(
    kinds.autoscalers,
    namespace,
    name,
    { manager: MANAGER, subresource: "status" },
    (draft) => {
      draft.status = status;
    },
  );
}

function condition(
  autoscaler: KubeObject,
  type: string,
  status: string,
  reason: string,
  message: string,
): JsonObject {
  const old = objectsAt(autoscaler, "status", "conditions").find((entry) => entry.type === type);
  const lastTransitionTime = old && old.status === status ? textAt(old, "lastTransitionTime") : now();
  return { type, status, lastTransitionTime, reason, message };
}
