import { PgBoss } from "pg-boss";
import { env } from "#lib/env.ts";
import { logger } from "#lib/logger.ts";
import { JOB_NAMES } from "./jobs.ts";

const holder = globalThis as typeof globalThis & { refractBoss?: Promise<PgBoss> };

/**
 * The queue of this process. Web processes only send; the worker also maintains it.
 * `short`: at most one waiting job per key; leases (lease.ts) keep two workers off one subject.
 */
export function boss(options: { worker?: boolean } = {}): Promise<PgBoss> {
  holder.refractBoss ??= start(options.worker ?? false).catch((error) => {
    holder.refractBoss = undefined;
    throw error;
  });
  return holder.refractBoss;
}

async function start(worker: boolean): Promise<PgBoss> {
  const instance = new PgBoss({
    connectionString: env.DATABASE_URL,
    application_name: worker ? "refract-worker-queue" : "refract-web-queue",
    max: worker ? 4 : 2,
    supervise: worker,
    schedule: false,
    useListenNotify: worker,
    monitorIntervalSeconds: 10,
    superviseIntervalSeconds: 10,
  });
  instance.on("error", (error) => logger.error({ error }, "queue"));
  await instance.start();
  for (const name of JOB_NAMES) {
    await instance.createQueue(name, {
      policy: "short",
      notify: true,
      retryLimit: 20,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 30,
      heartbeatSeconds: 10,
      deleteAfterSeconds: 3600,
    });
  }
  return instance;
}
