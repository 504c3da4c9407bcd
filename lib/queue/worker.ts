import { setTimeout as sleep } from "node:timers/promises";
import { checkEnvOrExit } from "#lib/env.ts";

checkEnvOrExit();

const [
  { dueArtifacts, handleInspectJob },
  { sendInspection },
  { dueBaseImages, handleBaseImageJob },
  { handleBuildJob, unfinishedBuilds },
  { BuildWatch },
  { handleDeploymentJob, unfinishedDeployments },
  { handleCopyJob, unfinishedCopies },
  { handleKeepJob },
  { boss },
  { enqueue },
  { JOBS },
  { Looks },
  { db },
  { logger },
  { freeLapsed },
  { endLapsedWaivers },
  { forgetDeliveries },
  { handleWebhookJob, unfinishedDeliveries },
] = await Promise.all([
  import("#lib/artifacts/reconcile.ts"),
  import("#lib/artifacts/record.ts"),
  import("#lib/base-images/reconcile.ts"),
  import("#lib/builds/reconcile.ts"),
  import("#lib/builds/watch.ts"),
  import("#lib/deployments/reconcile.ts"),
  import("#lib/image-copies/reconcile.ts"),
  import("#lib/kept-images/reconcile.ts"),
  import("./boss.ts"),
  import("./enqueue.ts"),
  import("./jobs.ts"),
  import("./looks.ts"),
  import("#lib/db.ts"),
  import("#lib/logger.ts"),
  import("#lib/reservations/service.ts"),
  import("#lib/waivers/lapse.ts"),
  import("#lib/webhooks/queries.ts"),
  import("#lib/webhooks/reconcile.ts"),
]);

const queue = await boss({ worker: true });
const SWEEP_MS = 5_000;
const STOP_MS = 10_000;

/** A job for now wakes a worker at once (NOTIFY); one for later is sent when it is due. If this process dies, the sweep sends it. */
const due = new Set<NodeJS.Timeout>();
const later = (send: (id: string) => Promise<void>) => (id: string, seconds: number) => {
  const timer = setTimeout(() => {
    due.delete(timer);
    send(id).catch((error) => logger.error({ error }, "next look"));
  }, seconds * 1000);
  due.add(timer);
};

const sendBuild = (buildId: string) =>
  enqueue(db, "build.reconcile", { buildId }, { key: `build:${buildId}` });
const sendDeployment = (deploymentId: string) =>
  enqueue(db, "deployment.reconcile", { deploymentId }, { key: `deployment:${deploymentId}` });
const sendArtifact = (artifactId: string) => sendInspection(db, artifactId);
const sendCopy = (copyId: string) => enqueue(db, "image.copy", { copyId }, { key: `copy:${copyId}` });
const sendBaseImage = (baseImageId: string) =>
  enqueue(db, "base-image.look", { baseImageId }, { key: `base-image:${baseImageId}` });
const sendDelivery = (deliveryId: string) =>
  enqueue(db, "webhook.deliver", { deliveryId }, { key: `webhook:${deliveryId}` });
/** There is one such subject, so that two workers never tell a registry of the same images. */
const sendKeep = () => enqueue(db, "images.keep", {}, { key: "keep" });

// One reader a queue asks for jobs, where several would all be woken by each. A job is done once its subject is taken
// up: the sweep sends again whatever is not finished.
const options = {
  batchSize: 8,
  // A full batch may have left some.
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 5,
  heartbeatRefreshSeconds: 3,
};
const builds = new Looks("build", handleBuildJob, later(sendBuild));
await queue.work("build.reconcile", options, async (jobs) => {
  for (const job of jobs) await builds.takeUp(JOBS["build.reconcile"].parse(job.data).buildId);
});
const watch = new BuildWatch(builds);
const deployments = new Looks("deployment", handleDeploymentJob, later(sendDeployment));
await queue.work("deployment.reconcile", options, async (jobs) => {
  for (const job of jobs) await deployments.takeUp(JOBS["deployment.reconcile"].parse(job.data).deploymentId);
});
const artifacts = new Looks("artifact", handleInspectJob, later(sendArtifact));
await queue.work("artifact.inspect", options, async (jobs) => {
  for (const job of jobs) await artifacts.takeUp(JOBS["artifact.inspect"].parse(job.data).artifactId);
});
const copies = new Looks("copy", handleCopyJob, later(sendCopy));
await queue.work("image.copy", options, async (jobs) => {
  for (const job of jobs) await copies.takeUp(JOBS["image.copy"].parse(job.data).copyId);
});
const baseImages = new Looks("base-image", handleBaseImageJob, later(sendBaseImage));
await queue.work("base-image.look", options, async (jobs) => {
  for (const job of jobs) await baseImages.takeUp(JOBS["base-image.look"].parse(job.data).baseImageId);
});
const deliveries = new Looks("webhook", handleWebhookJob, later(sendDelivery));
await queue.work("webhook.deliver", options, async (jobs) => {
  for (const job of jobs) await deliveries.takeUp(JOBS["webhook.deliver"].parse(job.data).deliveryId);
});
const keeping = new Looks("kept-images", (_, signal) => handleKeepJob(signal), later(sendKeep));
await queue.work("images.keep", options, async () => keeping.takeUp("all"));

/** Whatever is not finished has a job waiting, even if a worker died with it in hand. */
async function sweep(): Promise<void> {
  await freeLapsed();
  for (const buildId of await unfinishedBuilds()) await sendBuild(buildId);
  for (const deploymentId of await unfinishedDeployments()) await sendDeployment(deploymentId);
  for (const copyId of await unfinishedCopies()) await sendCopy(copyId);
  for (const deliveryId of await unfinishedDeliveries()) await sendDelivery(deliveryId);
  await endLapsedWaivers();
}
/** What registries say of images changes slowly, so it is asked for less often. */
const INSPECT_MS = 60_000;
async function inspectDue(): Promise<void> {
  for (const artifactId of await dueArtifacts()) await sendArtifact(artifactId);
  for (const baseImageId of await dueBaseImages()) await sendBaseImage(baseImageId);
  await sendKeep();
}
const EVENT_DAYS = 7;
const forget = () =>
  Promise.all([
    db.$executeRaw`DELETE FROM "Event" WHERE at < now() - make_interval(days => ${EVENT_DAYS})`,
    forgetDeliveries(),
  ]).catch((error) => logger.error({ error }, "old events"));
await sweep();
await forget();
await inspectDue();
const daily = setInterval(forget, 3_600_000);
const timer = setInterval(() => sweep().catch((error) => logger.error({ error }, "sweep")), SWEEP_MS);
const inspecting = setInterval(
  () => inspectDue().catch((error) => logger.error({ error }, "artifacts")),
  INSPECT_MS,
);
logger.info("worker ready");

async function stop(): Promise<void> {
  for (const waiting of due) clearTimeout(waiting);
  watch.stop();
  clearInterval(timer);
  clearInterval(daily);
  clearInterval(inspecting);
  await queue.stop({ graceful: true, timeout: STOP_MS });
  await Promise.race([
    Promise.all(
      [builds, deployments, artifacts, copies, baseImages, deliveries, keeping].map((looks) => looks.stop()),
    ),
    sleep(STOP_MS),
  ]);
  await db.$disconnect();
  process.exit(0);
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
