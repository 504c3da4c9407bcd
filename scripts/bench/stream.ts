import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { type BareCluster, pathOf } from "./bare-client.ts";
import { clock } from "./observer.ts";
import { interleave, percentile, type Result, summarize } from "./statistics.ts";
import { CHANGE, CHANGE_PREFIX, EVENT, type Lane, type World } from "./world.ts";

export const LISTENERS = 1000;
const PATIENCE_MS = 60_000;
/** The product tells several changes within a quarter of a second together; one at a time is measured here. */
const PAUSE_MS = 500;

const heardSchema = z.object({ change: z.string(), times: z.array(z.number()) });
const openedSchema = z.object({ opened: z.string() });
const portSchema = z.object({ port: z.number() });

type Input = {
  url: string;
  kubeconfig: string;
  world: World;
  lane: Lane;
  cluster: BareCluster;
  rounds: number;
  cleanUp: (work: () => Promise<void>) => void;
};

/** From a watch event to each of a thousand listeners: the product's live stream and a bridge that only passes on. */
export async function measureStream(input: Input): Promise<Result[]> {
  const { url, kubeconfig, world, lane, cluster, rounds, cleanUp } = input;
  const stopping = new AbortController();
  const bridge = new Worker(new URL("./bridge.ts", import.meta.url), {
    workerData: { kubeconfig, namespace: lane.bareNamespace },
  });
  const listeners = new Worker(new URL("./listening.ts", import.meta.url));
  cleanUp(async () => {
    stopping.abort();
    await Promise.all([bridge.terminate(), listeners.terminate()]);
  });
  const arrived = new Map<string, number>();
  for (const namespace of [lane.namespace, lane.bareNamespace])
    void watchChanges(kubeconfig, namespace, arrived, stopping.signal);
  const { port } = await messageOf(bridge, portSchema, () => true);
  const open = async (name: string, address: string, headers: Record<string, string>) => {
    const opened = messageOf(listeners, openedSchema, (message) => message.opened === name);
    listeners.postMessage({ name, url: address, headers, count: LISTENERS });
    await opened;
  };
  const path = `/api/v1/projects/${lane.project}/environments/${world.environment}/live/stream`;
  await open("product", `${url}${path}`, { authorization: `Bearer ${world.token}` });
  await open("bridge", `http://127.0.0.1:${port}/`, {});

  const tails: { product: number[]; baseline: number[] } = { product: [], baseline: [] };
  const all: { product: number[]; baseline: number[] } = { product: [], baseline: [] };
  const change = (arm: "product" | "baseline", namespace: string) => async (): Promise<number> => {
    await sleep(PAUSE_MS);
    const name = `${CHANGE_PREFIX}${randomUUID()}`;
    const heard = messageOf(listeners, heardSchema, (message) => message.change === name);
    await cluster("POST", pathOf(EVENT, namespace), eventAbout(namespace, name));
    const { times } = await heard;
    const start = arrived.get(name);
    if (start === undefined) throw new Error("the watch missed a change");
    const delays = times.map((at) => at - start);
    tails[arm].push(percentile(delays, 0.99));
    all[arm].push(...delays);
    return percentile(delays, 0.5);
  };
  const product = change("product", lane.namespace);
  const baseline = change("baseline", lane.bareNamespace);
  await interleave(2, product, baseline);
  for (const list of [tails, all]) for (const arm of ["product", "baseline"] as const) list[arm].length = 0;
  const measured = await interleave(rounds, product, baseline);
  const worst = measured.map((_, index) => ({
    product: [tails.product[index * 2] ?? 0, tails.product[index * 2 + 1] ?? 0] as [number, number],
    baseline: [tails.baseline[index * 2] ?? 0, tails.baseline[index * 2 + 1] ?? 0] as [number, number],
  }));
  const whole = (values: number[]) => `${percentile(values, 0.99).toFixed(1)} ms`;
  const note = `watch event until ${LISTENERS} listeners have it; bridge: one watch, each event written to every listener as it came`;
  return [
    summarize("stream", "ms", `median over the listeners of a change; ${note}`, measured),
    summarize(
      "stream_p99",
      "ms",
      `99th percentile over the listeners of a change; over all changes product ${whole(all.product)}, bridge ${whole(all.baseline)}; ${note}`,
      worst,
    ),
  ];
}

/** When the cluster's own watch brings a change to this process. */
async function watchChanges(
  kubeconfig: string,
  namespace: string,
  arrived: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const client = createCluster({ kubeconfig });
  while (!signal.aborted) {
    const { resourceVersion } = await client.list({ ...EVENT, namespace }, { signal });
    await client.watch(
      { ...EVENT, namespace },
      {
        resourceVersion,
        onEvent: (event) => {
          const at = clock();
          const name =
            event.type === "bookmark" ? undefined : JSON.stringify(event.object).match(CHANGE)?.[0];
          if (name && !arrived.has(name)) arrived.set(name, at);
        },
      },
      { signal },
    );
  }
}

/** An Event about a workload, as a controller would write it: the live page shows it, and nothing else changes. */
function eventAbout(namespace: string, message: string) {
  const now = new Date().toISOString();
  return {
    ...EVENT,
    metadata: { name: message, namespace },
    involvedObject: { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace },
    type: "Normal",
    reason: "Bench",
    message,
    firstTimestamp: now.replace(/\.\d+Z$/, "Z"),
    lastTimestamp: now.replace(/\.\d+Z$/, "Z"),
    count: 1,
    source: { component: "bench" },
  };
}

function messageOf<Message>(
  worker: Worker,
  schema: z.ZodType<Message>,
  wanted: (message: Message) => boolean,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const finish = (work: () => void) => {
      clearTimeout(timer);
      worker.off("message", look).off("error", fail);
      work();
    };
    const look = (raw: unknown) => {
      const { data } = schema.safeParse(raw);
      if (data !== undefined && wanted(data)) finish(() => resolve(data));
    };
    const fail = (error: unknown) => finish(() => reject(error));
    const timer = setTimeout(() => fail(new Error("a thread did not answer in time")), PATIENCE_MS);
    worker.on("message", look).on("error", fail);
  });
}
