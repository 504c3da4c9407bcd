import type { Cluster, Manifest } from "#lib/adapters/ports.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { toJson } from "#lib/plans/json.ts";
import { ANNOTATION } from "#lib/plans/labels.ts";
import { colorOf, type Running, runningColor, whatRuns } from "#lib/strategies/running.ts";
import { causeSchema } from "../content.ts";
import { planOf, type Run, type TargetRun } from "../run.ts";
import { ENDED_TARGETS } from "../state.ts";
import { isVerified, removeCanaries, removeObjects } from "./clean-up.ts";
import { type Outcome, objectName, type StepInput } from "./outcome.ts";

type Plan = StepInput["plan"];
type Perform = (input: StepInput) => Promise<Outcome>;

/** Whether a run that stops midway leaves something that takes traffic beside what ran before. Pure. */
const comesInPhases = (plan: Plan): boolean =>
  plan.canaries.length > 0 || plan.objects.some(({ phase }) => phase === "switch");

/**
 * A step whose failure is followed at once by what takes the new version out of the traffic. The cause is recorded
 * first: one that goes on after a crash does not look again at what it has half taken back.
 */
export const withdrawing =
  (perform: Perform): Perform =>
  async (input) => {
    const { run, target, step, plan, client, signal } = input;
    if (!comesInPhases(plan)) return perform(input);
    const known = step.detail?.failure;
    if (known) {
      try {
        await withdraw(run, target, client, signal);
      } catch (error) {
        // What the cluster refuses stays, and is in the inventory; why the step failed is still what is told.
        if (!(error instanceof AdapterError) || error.retryable) throw error;
      }
      return { failed: known, detail: step.detail ?? {} };
    }
    const outcome = await perform(input);
    if (!("failed" in outcome)) return outcome;
    const { detail, progress, failed } = outcome;
    const failure = causeSchema.parse(failed);
    return { wait: 0, detail: { ...detail, failure }, progress };
  };

/**
 * Takes what a run tries on a target out of the traffic: canaries go, and a Service that was switched leads to the old
 * version again. Once the new version was verified nothing is taken back. Done again it changes nothing.
 * @throws AdapterError when the cluster does not answer or refuses
 */
async function withdraw(run: Run, target: TargetRun, client: Cluster, signal: AbortSignal): Promise<void> {
  const plan = planOf(run, target);
  await removeCanaries(run, target, client, signal);
  if (isVerified(target)) return;
  const switched = plan.objects.filter(({ phase }) => phase === "switch");
  const components = [...new Set(switched.map(({ component }) => component))];
  if (components.length === 0) return;
  const before = await whatRuns(db, { targetIds: [plan.targetId], components });
  if (target.steps.some(({ name, state }) => name === "switch" && state !== "waiting")) {
    await switchBack({ run, target, plan, client, signal }, before);
  }
  await removeObjects(run, plan, mixedIn(plan, before), client, signal);
}

/** Canary-like leftovers: a Service without a colour takes the pods of the new colour, too. Pure. */
const mixedIn = (plan: Plan, before: readonly Running[]): Plan["canaries"] =>
  plan.objects.filter(({ component, manifest }) => {
    const running = before.find((one) => one.component === component);
    return running !== undefined && runningColor(running) === null && colorOf([manifest]) !== null;
  });

type Place = { run: Run; target: TargetRun; plan: Plan; client: Cluster; signal: AbortSignal };

async function switchBack(place: Place, before: readonly Running[]): Promise<void> {
  const { target, plan, client, signal } = place;
  const restored: string[] = [];
  for (const { component, manifest, phase } of plan.objects) {
    const running = before.find((one) => one.component === component);
    if (phase !== "switch" || !running) continue;
    signal.throwIfAborted();
    const old = running.manifests.find(
      ({ kind, metadata }) => kind === manifest.kind && metadata.name === manifest.metadata.name,
    );
    if (!old) await removeObjects(place.run, plan, [{ component, manifest }], client, signal);
    else if (!(await putBack(client, old, running, signal))) continue;
    restored.push(objectName(manifest));
  }
  await recordRestored(target, restored);
}

/** Not by force: a field that somebody else has set since is theirs. */
async function putBack(client: Cluster, old: Manifest, running: Running, signal: AbortSignal) {
  const marks = { [ANNOTATION.deployment]: running.deployment, [ANNOTATION.plan]: running.plan };
  const annotations = { ...old.metadata.annotations, ...marks };
  const outcome = await client.apply({ ...old, metadata: { ...old.metadata, annotations } }, { signal });
  return outcome.ok;
}

/** What was put back is not the new one any more, whatever the step had written. */
async function recordRestored(target: TargetRun, restored: readonly string[]): Promise<void> {
  for (const { id, detail } of target.steps.filter(({ name }) => name === "switch")) {
    const kept = (detail?.objects ?? []).filter(({ object }) => !restored.includes(object));
    const back = restored.map((object) => ({ object, result: "restored" as const }));
    const objects = [...kept, ...back];
    await db.deploymentStep.update({ where: { id }, data: { detail: toJson({ ...detail, objects }) } });
  }
}

/**
 * Withdraws a run that ends before its time from every target that it is at. A cluster that does not answer keeps
 * what it has: the inventory names it, and the next plan deletes it.
 */
export async function withdrawAll(run: Run, signal: AbortSignal): Promise<void> {
  const open = run.targets.filter(
    (target) => !ENDED_TARGETS.includes(target.state) && comesInPhases(planOf(run, target)),
  );
  await Promise.all(
    open.map(async (target) => {
      try {
        await withdraw(run, target, await connectCluster(target.clusterId), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AdapterError || error instanceof AppError)) throw error;
      }
    }),
  );
}
