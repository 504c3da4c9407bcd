import { Worker } from "node:worker_threads";
import { z } from "zod";

const messageSchema = z.object({ deployment: z.string(), at: z.number() });
const PATIENCE_MS = 60_000;

/** Says when every object of a deployment carried its name, by the cluster's own watch. */
export type Observer = {
  /** Milliseconds since the epoch, with fractions. Throws after a minute without. */
  applied(deployment: string): Promise<number>;
  stop(): Promise<void>;
};

export function startObserver(settings: {
  kubeconfig: string;
  labelSelector: string;
  objects: number;
  kinds: readonly { apiVersion: string; kind: string }[];
}): Observer {
  const worker = new Worker(new URL("./watching.ts", import.meta.url), { workerData: settings });
  const arrived = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  let broken: unknown;
  worker.on("error", (error) => {
    broken = error;
  });
  worker.on("message", (message) => {
    const { deployment, at } = messageSchema.parse(message);
    arrived.set(deployment, at);
    waiting.get(deployment)?.(at);
    waiting.delete(deployment);
  });
  return {
    applied: (deployment) =>
      new Promise((resolve, reject) => {
        const known = arrived.get(deployment);
        if (known !== undefined) return resolve(known);
        const timer = setTimeout(
          () => reject(new Error(`${deployment} was not applied in time ${broken ?? ""}`)),
          PATIENCE_MS,
        );
        waiting.set(deployment, (at) => {
          clearTimeout(timer);
          resolve(at);
        });
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}

/** The clock that `applied` answers in. */
export const clock = (): number => performance.timeOrigin + performance.now();
