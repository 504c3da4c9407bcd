import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { ANNOTATION } from "#lib/plans/labels.ts";

// The thread of observer.ts: it watches the kinds that are deployed and says when the last object of a deployment
// arrived. Neither arm runs here, so that watching takes time from neither.
const settings = z
  .object({
    kubeconfig: z.string(),
    labelSelector: z.string(),
    objects: z.number(),
    kinds: z.array(z.object({ apiVersion: z.string(), kind: z.string() })),
  })
  .parse(workerData);
const cluster = createCluster({ kubeconfig: settings.kubeconfig });
const seen = new Map<string, Set<string>>();

function look(
  object: { kind?: string; metadata: { name: string; annotations?: Record<string, string> } },
  kind: string,
): void {
  const deployment = object.metadata.annotations?.[ANNOTATION.deployment];
  if (!deployment) return;
  const objects = seen.get(deployment) ?? new Set();
  if (objects.size === settings.objects) return;
  seen.set(deployment, objects.add(`${kind} ${object.metadata.name}`));
  if (objects.size < settings.objects) return;
  parentPort?.postMessage({ deployment, at: performance.timeOrigin + performance.now() });
}

async function watch({ apiVersion, kind }: { apiVersion: string; kind: string }): Promise<never> {
  const { labelSelector } = settings;
  for (;;) {
    const { items, resourceVersion } = await cluster.list({ apiVersion, kind }, { labelSelector });
    for (const item of items) look(item, kind);
    await cluster.watch(
      { apiVersion, kind },
      {
        resourceVersion,
        labelSelector,
        onEvent: (event) => {
          if (event.type !== "bookmark") look(event.object, kind);
        },
      },
    );
  }
}

await Promise.all(settings.kinds.map(watch));
