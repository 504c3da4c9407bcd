import type { PlanManifests } from "#lib/plans/content.ts";
import { canaryName } from "#lib/strategies/labels.ts";
import { canaryReplicas } from "#lib/strategies/schema.ts";
import { fullStrength } from "#lib/strategies/shapes.ts";
import type { Progress } from "../content.ts";
import { applyObject, type PlannedObject } from "./apply-object.ts";
import { lookAtWorkloads } from "./look.ts";
import { lookAgain, type Outcome, type StepInput } from "./outcome.ts";
import { causeOf } from "./roll-out.ts";

/** On a canary: at which share it stands, so that the next step is told from one that goes on after a crash. */
const PERCENT = "refract.dev/canary-percent";
type Canary = PlanManifests["targets"][number]["canaries"][number];

/** Brings the canaries to the size of this step, and waits until they are well; what is wrong with one ends it. */
export async function canary(input: StepInput): Promise<Outcome> {
  const { plan, step, signal } = input;
  const objects = [];
  for (const { component, percent } of step.input.canaries ?? []) {
    for (const small of plan.canaries.filter((one) => one.component === component)) {
      signal.throwIfAborted();
      const applied = await applyObject(input, sized(plan, small, percent), { [PERCENT]: String(percent) });
      if (applied.result) objects.push(applied.result);
      if (applied.failed) return { failed: applied.failed, detail: { objects } };
    }
  }
  const detail = { objects };
  const progress = await lookAtCanaries(input);
  const failed = progress.find(({ state }) => state === "failed");
  if (failed) return { failed: await causeOf(failed, input), detail, progress };
  if (progress.every(({ state }) => state === "healthy")) return { done: true, detail, progress };
  return { wait: lookAgain(input), detail, progress };
}

/** How the canaries of a target are. */
export const lookAtCanaries = (input: StepInput): Promise<Progress> =>
  lookAtWorkloads({
    ...input,
    plan: { ...input.plan, objects: input.plan.canaries.map((small) => planned(small)) },
  });

const planned = ({ component, manifest }: Canary): PlannedObject => ({
  component,
  manifest,
  phase: "apply",
  takeOver: [],
});

/** A canary with as many pods as a share of the traffic needs beside the stable one. */
function sized(plan: StepInput["plan"], small: Canary, percent: number): PlannedObject {
  const manifests = plan.objects
    .filter(({ component }) => component === small.component)
    .map(({ manifest }) => manifest);
  const stable = manifests.find(
    ({ kind, metadata }) =>
      kind === "Deployment" && canaryName(metadata.name) === small.manifest.metadata.name,
  );
  const replicas = canaryReplicas(stable ? fullStrength(stable, manifests) : 1, percent);
  const spec = typeof small.manifest.spec === "object" ? { ...small.manifest.spec, replicas } : { replicas };
  return planned({ ...small, manifest: { ...small.manifest, spec } });
}
