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
] = await Promise.all([
  import("#lib/builds/reconcile.ts"),
  import("#lib/deployments/reconcile.ts"),
  import("./boss.ts"),
  import("./enqueue.ts"),
  import("./jobs.ts"),
  import("./lease.ts"),
  import("#lib/db.ts"),
  import("#lib/logger.ts"),
]);

/** What a handler answers: null when the subject is done, else seconds until it wants to look again. */
type Again = number | null;

const queue = await boss({ worker: true });
const SWEEP_MS = 5_000;

async function reconcileBuild(buildId: string): Promise<void> {
  const key = `build:${buildId}`;
  const outcome = await withLease(key, (signal): Promise<Again> => handleBuildJob(buildId, signal));
  const again = outcome.held ? outcome.result : 2;
  if (again !== null) await enqueue(db, "build.reconcile", { buildId }, { key, afterSeconds: again });
}

async function reconcileDeployment(deploymentId: string): Promise<void> {
  const key = `deployment:${deploymentId}`;
  const outcome = await withLease(key, (signal): Promise<Again> => handleDeploymentJob(deploymentId, signal));
  const again = outcome.held ? outcome.result : 2;
  if (again !== null)
    await enqueue(db, "deployment.reconcile", { deploymentId }, { key, afterSeconds: again });
}

const options = { localConcurrency: 8, pollingIntervalSeconds: 0.5, heartbeatRefreshSeconds: 3 };
await queue.work("build.reconcile", options, async ([job]) => {
  if (job) await reconcileBuild(JOBS["build.reconcile"].parse(job.data).buildId);
});
await queue.work("deployment.reconcile", options, async ([job]) => {
  if (job) await reconcileDeployment(JOBS["deployment.reconcile"].parse(job.data).deploymentId);
});

/** Whatever is not finished has a job waiting, even if a worker died with it in hand. */
async function sweep(): Promise<void> {
  for (const buildId of await unfinishedBuilds()) {
    await enqueue(db, "build.reconcile", { buildId }, { key: `build:${buildId}` });
  }
  for (const deploymentId of await unfinishedDeployments()) {
    await enqueue(db, "deployment.reconcile", { deploymentId }, { key: `deployment:${deploymentId}` });
  }
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
  clearInterval(timer);
  clearInterval(daily);
  await queue.stop({ graceful: true, timeout: 10_000 });
  await db.$disconnect();
  process.exit(0);
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
