import { checkEnvOrExit } from "#lib/env.ts";

checkEnvOrExit();

const [
  { handleBuildJob, unfinishedBuilds },
  { handleDeploymentJob, unfinishedDeployments },
  { boss },
  { enqueue },
  { JOBS },
  { withLease },
  { db },
  { logger },
  { freeLapsed },
] = await Promise.all([
  import("#lib/builds/reconcile.ts"),
  import("#lib/deployments/reconcile.ts"),
  import("./boss.ts"),
  import("./enqueue.ts"),
  import("./jobs.ts"),
  import("./lease.ts"),
  import("#lib/db.ts"),
  import("#lib/logger.ts"),
  import("#lib/reservations/service.ts"),
]);

/** What a handler answers: null when the subject is done, else seconds until it wants to look again. */
type Again = number | null;

const queue = await boss({ worker: true });
const SWEEP_MS = 5_000;

/** A job for now wakes a worker at once (NOTIFY); one for later is sent when it is due. If this process dies, the sweep sends it. */
const due = new Set<NodeJS.Timeout>();
function later(seconds: number, send: () => Promise<void>): void {
  const timer = setTimeout(() => {
    due.delete(timer);
    send().catch((error) => logger.error({ error }, "next look"));
  }, seconds * 1000);
  due.add(timer);
}

const sendBuild = (buildId: string) =>
  enqueue(db, "build.reconcile", { buildId }, { key: `build:${buildId}` });
const sendDeployment = (deploymentId: string) =>
  enqueue(db, "deployment.reconcile", { deploymentId }, { key: `deployment:${deploymentId}` });

async function reconcile(
  key: string,
  look: (signal: AbortSignal) => Promise<Again>,
  send: () => Promise<void>,
): Promise<void> {
  const outcome = await withLease(key, look);
  const again = outcome.held ? outcome.result : 2;
  if (again !== null) later(again, send);
}

const options = {
  localConcurrency: 8,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 5,
  heartbeatRefreshSeconds: 3,
};
await queue.work("build.reconcile", options, async ([job]) => {
  if (!job) return;
  const { buildId } = JOBS["build.reconcile"].parse(job.data);
  await reconcile(
    `build:${buildId}`,
    (signal) => handleBuildJob(buildId, signal),
    () => sendBuild(buildId),
  );
});
await queue.work("deployment.reconcile", options, async ([job]) => {
  if (!job) return;
  const { deploymentId } = JOBS["deployment.reconcile"].parse(job.data);
  await reconcile(
    `deployment:${deploymentId}`,
    (signal) => handleDeploymentJob(deploymentId, signal),
    () => sendDeployment(deploymentId),
  );
});

/** Whatever is not finished has a job waiting, even if a worker died with it in hand. */
async function sweep(): Promise<void> {
  await freeLapsed();
  for (const buildId of await unfinishedBuilds()) await sendBuild(buildId);
  for (const deploymentId of await unfinishedDeployments()) await sendDeployment(deploymentId);
}
const EVENT_DAYS = 7;
const forget = () =>
  db.$executeRaw`DELETE FROM "Event" WHERE at < now() - make_interval(days => ${EVENT_DAYS})`.catch((error) =>
    logger.error({ error }, "old events"),
  );
await sweep();
await forget();
const daily = setInterval(forget, 3_600_000);
const timer = setInterval(() => sweep().catch((error) => logger.error({ error }, "sweep")), SWEEP_MS);
logger.info("worker ready");

async function stop(): Promise<void> {
  for (const waiting of due) clearTimeout(waiting);
  clearInterval(timer);
  clearInterval(daily);
  await queue.stop({ graceful: true, timeout: 10_000 });
  await db.$disconnect();
  process.exit(0);
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
