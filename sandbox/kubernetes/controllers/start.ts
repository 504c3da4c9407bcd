import { EventRecorder, expireEvents } from "../events.ts";
import type { Registry } from "../registry.ts";
import { runAutoscalers } from "./autoscaler.ts";
import { runCollector, runNamespaces } from "./collector.ts";
import { runDeployments } from "./deployment.ts";
import { runCronJobs, runJobs } from "./job.ts";
import { runQuotas } from "./quota.ts";
import { runReplicaSets } from "./replicaset.ts";
import { runScheduler } from "./scheduler.ts";
import { runDaemonSets, runStatefulSets } from "./sets.ts";

/** Starts every controller of the cluster. Answers how to stop them. */
export function startControllers(registry: Registry): () => void {
  const tools = (component: string) => ({ registry, recorder: new EventRecorder(registry, component) });
  const stops = [
    runNamespaces(tools("namespace-controller")),
    runCollector(tools("garbage-collector")),
    runScheduler(registry, new EventRecorder(registry, "default-scheduler")),
    runReplicaSets(tools("replicaset-controller")),
    runDeployments(tools("deployment-controller")),
    runStatefulSets(tools("statefulset-controller")),
    runDaemonSets(tools("daemonset-controller")),
    runJobs(tools("job-controller")),
    runCronJobs(tools("cronjob-controller")),
    runAutoscalers(tools("horizontal-pod-autoscaler")),
    runQuotas(tools("resourcequota-controller")),
  ];
  const expiry = setInterval(() => expireEvents(registry), 60_000);
  return () => {
    clearInterval(expiry);
    for (const stop of stops) stop();
  };
}
