import { setTimeout as sleep } from "node:timers/promises";
import { db } from "#lib/db.ts";
import type { Strategy } from "#lib/strategies/schema.ts";
import { changesByObject } from "#sandbox/faults/changes.ts";
import type { FaultProxy } from "#sandbox/faults/proxy.ts";
import { sideBySide } from "../../steps/side-by-side.ts";
import type { Engine } from "../../testing/engine.ts";
import type { Holds } from "./holds.ts";
import { likeness } from "./likeness.ts";
import { changesObject, type Moment, type Stand, stepsOf, stopAt, type Ways } from "./moments.ts";
import { makeProxiedPlaces } from "./place.ts";
import { startWorker, WORKER_NAME, type Worker } from "./worker.ts";

export type Case = { position: number; moment: Moment; ways: Ways; strategy?: Strategy };
const ENDED = ["succeeded", "failed", "cancelled"];
/** A worker looks after eight deployments at a time. */
const AT_ONCE = 8;
/** Every plan waits for its turn at the audit chain: more at once would only wait longer. */
const PREPARED_AT_ONCE = 4;
const LOOK_MS = 100;
const LIMIT_MS = 150_000;

/** Deploys the same content again and again with workers of its own, and does to them what must do no harm. */
export function makeKilling(engine: Engine, holds: Holds) {
  const places = makeProxiedPlaces(engine);
  const workers: Worker[] = [];

  const newWorkers = async (deployments: number): Promise<Worker[]> => {
    const started = await Promise.all(
      Array.from({ length: Math.ceil(deployments / AT_ONCE) }, () => startWorker()),
    );
    workers.push(...started);
    return started;
  };

  /** As few workers as can stand at all of the moments. */
  const stopAll = async (cases: readonly Case[]) => {
    const running = await sideBySide(
      cases,
      PREPARED_AT_ONCE,
      async ({ position, moment, ways, strategy }) => {
        const { proxy, start } = await places.planned({ strategy });
        const id = await start();
        const step = (await stepsOf(id)).find((one) => one.position === position);
        if (!step) throw new Error(`no step ${position}`);
        const stop = await stopAt({ deploymentId: id, step, moment, ways }, { proxy, holds });
        return { id, proxy, stop, name: `${step.name} ${moment}` };
      },
      () => false,
    );
    const crew = await newWorkers(cases.length);
    const stands = new Map<string, Stand>();
    await until(`stops of ${running.map(({ name }) => name).join(", ")}`, async () => {
      const stopped = await holds.reached();
      for (const { id, stop } of running) {
        const stand = stop.stand(stopped);
        if (stand) stands.set(id, stand);
      }
      return stands.size === running.length;
    });
    return {
      crew,
      letGo: async () => {
        await holds.letGo();
        for (const { stop } of running) stop.letGo();
      },
      /** What became of each in the end, and when it was taken up again after `since`. */
      ends: async (since: number) => {
        await allEnded(running.map(({ id }) => id));
        return Promise.all(
          running.map(async ({ id, proxy, name }) => {
            const told = await outcome(engine, id, proxy);
            const takenUpAt = proxy.requests.find(({ at }) => at >= since)?.at ?? told.endedAt;
            return { name, stand: stands.get(id), takenUpAt, ...told };
          }),
        );
      },
    };
  };

  return {
    /** What an undisturbed worker does: its steps, their ways, how often each object is changed, what is there then. */
    async undisturbed(strategy?: Strategy) {
      const { proxy, start } = await places.planned({ strategy });
      const id = await start();
      const [worker] = await newWorkers(1);
      await allEnded([id]);
      await worker?.kill();
      const { startedAt: began } = await db.deployment.findUniqueOrThrow({ where: { id } });
      const rows = await db.deploymentStep.findMany({
        where: { run: { deploymentId: id } },
        orderBy: { position: "asc" },
      });
      const steps = rows.map(({ name, position, startedAt, endedAt }) => {
        // What was asked before the deployment began was no step yet.
        const from = Math.max(startedAt?.getTime() ?? 0, began?.getTime() ?? 0);
        const to = endedAt?.getTime() ?? 0;
        const within = proxy.requests.filter(({ at }) => at >= from && at <= to);
        return { name, position, ways: { asks: within.length > 0, changes: within.some(changesObject) } };
      });
      return { steps, ...(await outcome(engine, id, proxy)) };
    },

    /**
     * Stops one deployment at each of the moments, kills the workers that carry them, and lets others go on.
     * Answers what became of each, where its worker stood, and how long after the kill (and the start of the new ones)
     * it was taken up again.
     */
    async killAt(cases: readonly Case[]) {
      const stopped = await stopAll(cases);
      const killed = Math.max(...(await Promise.all(stopped.crew.map((worker) => worker.kill()))));
      await stopped.letGo();
      const next = await newWorkers(cases.length);
      const told = await stopped.ends(killed);
      await Promise.all(next.map((worker) => worker.kill()));
      const since = Math.max(killed, ...next.map(({ readyAt }) => readyAt));
      return told.map(({ takenUpAt, ...one }) => ({ ...one, resumedAfterMs: takenUpAt - since }));
    },

    /**
     * Stops one deployment at each of the moments, and ends every database connection of their workers. They must
     * live, and go on by themselves.
     */
    async disconnectAt(cases: readonly Case[]) {
      const stopped = await stopAll(cases);
      const cut = Date.now();
      const connections = await holds.disconnect(WORKER_NAME);
      await stopped.letGo();
      const told = await stopped.ends(cut);
      const alive = stopped.crew.every((worker) => worker.alive());
      await Promise.all(stopped.crew.map((worker) => worker.kill()));
      return { told, connections, alive };
    },

    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.kill()));
      await places.close();
    },
  };
}
export type Killing = ReturnType<typeof makeKilling>;

/** What became of a deployment. Its namespaces are given back: their pods take room. */
async function outcome(engine: Engine, id: string, proxy: FaultProxy) {
  const { state, endedAt, attempt, targets } = await db.deployment.findUniqueOrThrow({
    where: { id },
    include: { targets: { select: { target: { select: { namespace: true } } } } },
  });
  const objects = await likeness(engine, id);
  const namespaces = targets.map(({ target }) => target.namespace);
  const told = Object.entries(changesByObject(proxy.requests)).map(([key, count]): [string, number] => [
    namespaces.reduce((text, name) => text.replaceAll(name, "<namespace>"), key),
    count,
  ]);
  for (const name of namespaces) await engine.client.remove({ apiVersion: "v1", kind: "Namespace", name });
  return {
    state,
    attempt,
    endedAt: endedAt?.getTime() ?? Number.POSITIVE_INFINITY,
    changes: Object.fromEntries(told),
    objects,
  };
}

const allEnded = (ids: readonly string[]): Promise<void> =>
  until(`the end of ${ids.length} deployments`, async () => {
    const left = await db.deployment.count({ where: { id: { in: [...ids] }, state: { notIn: ENDED } } });
    return left === 0;
  });

/** @throws Error when it has not come true in time */
async function until(what: string, holdsTrue: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + LIMIT_MS;
  while (!(await holdsTrue())) {
    if (Date.now() > last) throw new Error(`waited in vain for ${what}`);
    await sleep(LOOK_MS);
  }
}
