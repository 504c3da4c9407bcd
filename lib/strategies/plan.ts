import type { Blocker } from "#lib/errors.ts";
import type { PlannedObject } from "#lib/plans/assemble.ts";
import type { PlanManifests, PlanReview, StepSpec } from "#lib/plans/content.ts";
import { canaryOf } from "./canary.ts";
import { colored, following, previewOf } from "./colors.ts";
import { COLORS, otherColor, PREVIEW_LABEL } from "./labels.ts";
import { colorOf, type Running, runningColor } from "./running.ts";
import { canaryReplicas, type Strategy, type Wait } from "./schema.ts";
import { belongsTo, deploymentSpec, fullStrength, serviceSpec } from "./shapes.ts";
import { type CanariedComponent, stepsOf } from "./steps.ts";

type Canary = PlanManifests["targets"][number]["canaries"][number];
type Check = PlanReview["checks"][number];
type Kept = { component: string; ref: { kind: string; name: string } };

export type StrategicPlan = {
  objects: PlannedObject[];
  canaries: Canary[];
  steps: StepSpec[];
  problems: Blocker[];
  checks: Check[];
};
/** What a component's strategy makes of its objects. */
type Shaped = {
  objects: PlannedObject[];
  canaries: Canary[];
  canaried: CanariedComponent | null;
  switched: boolean;
  waits: Wait[];
  problems: Blocker[];
  checks: Check[];
};

/** Kinds that cannot stand beside another of the same pods. */
const SINGLE = ["StatefulSet", "DaemonSet"];
const WORKLOADS = ["Deployment", ...SINGLE, "Job", "CronJob"];

/**
 * How the assembled objects of one target go out: each component's by its strategy, all in one list of steps. Pure.
 * @param input.running of this target
 * @param input.inventory what was applied on this target and is not known to be gone
 */
export function planStrategies(input: {
  objects: readonly PlannedObject[];
  components: readonly { key: string; strategy: Strategy }[];
  running: readonly Running[];
  inventory: readonly Kept[];
}): StrategicPlan {
  const shaped = input.components.map(({ key, strategy }) => {
    const own = input.objects.filter(({ component }) => component === key);
    const running = input.running.find(({ component }) => component === key);
    const inventory = input.inventory.filter(({ component }) => component === key);
    return shape({ component: key, strategy, objects: own, running, inventory });
  });
  const others = input.objects.filter(
    ({ component }) => !input.components.some(({ key }) => key === component),
  );
  return joined([...shaped, plain(others)]);
}

/**
 * How stored objects go back: in one go, however they once came; but where colours are involved, now or then, the
 * traffic follows only what is up. Pure.
 */
export function planRestore(input: {
  objects: readonly PlannedObject[];
  inventory: readonly Kept[];
}): Pick<StrategicPlan, "objects" | "steps"> {
  const keys = [...new Set(input.objects.map(({ component }) => component))];
  const shaped = keys.map((key) => {
    const objects = input.objects
      .filter(({ component }) => component === key)
      .map((object) => ({ ...object, phase: "apply" as const }));
    const inventory = input.inventory.filter(({ component }) => component === key);
    return handOver(objects, inventory);
  });
  const { objects, steps } = joined(shaped);
  return { objects, steps };
}

const plain = (objects: readonly PlannedObject[]): Shaped => ({
  objects: [...objects],
  canaries: [],
  canaried: null,
  switched: false,
  waits: [],
  problems: [],
  checks: [],
});

function joined(shaped: readonly Shaped[]): StrategicPlan {
  return {
    objects: shaped.flatMap(({ objects }) => objects),
    canaries: shaped.flatMap(({ canaries }) => canaries),
    steps: stepsOf({
      canaried: shaped.flatMap(({ canaried }) => canaried ?? []),
      switched: shaped.some(({ switched }) => switched),
      colors: shaped.flatMap(({ waits }) => waits),
    }),
    problems: shaped.flatMap(({ problems }) => problems),
    checks: shaped.flatMap(({ checks }) => checks),
  };
}

type ShapeInput = {
  component: string;
  strategy: Strategy;
  objects: readonly PlannedObject[];
  running: Running | undefined;
  inventory: readonly Kept[];
};

function shape(input: ShapeInput): Shaped {
  const { component, strategy, objects, inventory } = input;
  if (strategy.kind === "rolling") return handOver(objects, inventory);
  const misfit = misfitOf(objects);
  if (misfit) {
    const facts = { component, strategy: strategy.kind, kind: misfit };
    const message = `${component}: ${strategy.kind} is not possible with a ${misfit}, only with a Deployment`;
    const problem = { code: "STRATEGY_NOT_POSSIBLE", message, facts, liftedBy: ["owner", "ops"] };
    return { ...plain(objects), problems: [problem] };
  }
  if (strategy.kind === "recreate") return handOver(objects.map(recreated), inventory);
  if (strategy.kind === "canary") return canaried({ ...input, strategy });
  return blueGreen({ ...input, strategy });
}

/** The kind that only rolls; null where every workload is a Deployment, or where there is none at all. */
function misfitOf(objects: readonly PlannedObject[]): string | null {
  const kinds = objects.map(({ manifest }) => manifest.kind).filter((kind) => WORKLOADS.includes(kind));
  const single = kinds.find((kind) => SINGLE.includes(kind));
  if (single) return single;
  return kinds.includes("Deployment") ? null : (kinds[0] ?? null);
}

function recreated(object: PlannedObject): PlannedObject {
  const spec = deploymentSpec(object.manifest);
  if (!spec) return object;
  return { ...object, manifest: { ...object.manifest, spec: { ...spec, strategy: { type: "Recreate" } } } };
}

function canaried(input: ShapeInput & { strategy: Extract<Strategy, { kind: "canary" }> }): Shaped {
  const { component, strategy, objects, running, inventory } = input;
  const manifests = objects.map(({ manifest }) => manifest);
  const deployments = manifests.filter((manifest) => deploymentSpec(manifest));
  const there = (name: string) =>
    running?.manifests.some((manifest) => deploymentSpec(manifest) && manifest.metadata.name === name);
  if (deployments.length === 0 || !deployments.every(({ metadata }) => there(metadata.name))) {
    const reason = running ? "nothing stable by that name runs here" : "nothing of it runs here yet";
    const check: Check = {
      code: running ? "CANARY_WITHOUT_STABLE" : "CANARY_FIRST_DEPLOYMENT",
      state: "warning",
      message: `${component} goes out in one go, without a canary: ${reason}`,
      facts: { component },
    };
    const shaped = handOver(objects, inventory);
    return deployments.length === 0 ? shaped : { ...shaped, checks: [check] };
  }
  const strengths = deployments.map((manifest) => fullStrength(manifest, manifests));
  const steps = strategy.steps.map(({ percent, wait }) => {
    const replicas = strengths.reduce((sum, stable) => sum + canaryReplicas(stable, percent), 0);
    return { percent, replicas, wait };
  });
  const first = strategy.steps[0]?.percent ?? 1;
  const tied = objects.map((object) => {
    const { manifest } = object;
    // The autoscaler and the disruption budget speak of the stable one: they change with it.
    const follows = deployments.some((one) => belongsTo(manifest, one)) && !serviceSpec(manifest);
    return deploymentSpec(manifest) || follows ? { ...object, phase: "promote" as const } : object;
  });
  const handed = handOver(tied, inventory);
  return {
    ...handed,
    canaries: deployments.map((manifest) => {
      const replicas = canaryReplicas(fullStrength(manifest, manifests), first);
      return { component, manifest: canaryOf(manifest, replicas) };
    }),
    canaried: { component, steps },
  };
}

function blueGreen(input: ShapeInput & { strategy: Extract<Strategy, { kind: "blue_green" }> }): Shaped {
  const { component, strategy, running, inventory } = input;
  const plainOnes = input.objects
    .map(({ manifest }) => manifest)
    .filter((manifest) => deploymentSpec(manifest));
  if (plainOnes.length === 0) return plain(input.objects);
  const before = runningColor(running);
  const color = otherColor(before);
  const objects = input.objects.flatMap((object): PlannedObject[] => {
    if (deploymentSpec(object.manifest)) return [{ ...object, manifest: colored(object.manifest, color) }];
    const deployment = plainOnes.find((one) => belongsTo(object.manifest, one));
    if (!deployment) return [object];
    const manifest = following(object.manifest, deployment, color);
    const preview = previewOf(manifest);
    return [{ ...object, manifest }, ...(preview ? [{ ...object, manifest: preview, takeOver: [] }] : [])];
  });
  const wasPlain = running?.manifests.some((manifest) => deploymentSpec(manifest)) && before === null;
  const check: Check = {
    code: "COLORS_BEGIN",
    state: "warning",
    message: `${component} ran without colours until now: this once both versions serve until the switch`,
    facts: { component, color },
  };
  return {
    ...handOver(objects, inventory),
    waits: [strategy.wait],
    checks: wasPlain ? [check] : [],
  };
}

/**
 * Where Deployments of another colour run, or were left by a failure, what leads the traffic to the new ones is
 * written only when they are up: in phase `switch`. Anything else stays as it is.
 */
function handOver(objects: readonly PlannedObject[], inventory: readonly Kept[]): Shaped {
  const deployments = objects.map(({ manifest }) => manifest).filter((manifest) => deploymentSpec(manifest));
  const names = deployments.map(({ metadata }) => metadata.name);
  const left = inventory.some(
    ({ ref: { kind, name } }) =>
      kind === "Deployment" && !names.includes(name) && COLORS.some((color) => name.endsWith(`-${color}`)),
  );
  if (deployments.length === 0 || !(left || colorOf(deployments) !== null)) return plain(objects);
  const phased = objects.map((object): PlannedObject => {
    const { manifest } = object;
    const follows = deployments.some((deployment) => belongsTo(manifest, deployment));
    const isPreview = manifest.metadata.labels?.[PREVIEW_LABEL] !== undefined;
    return follows && !isPreview ? { ...object, phase: "switch" } : object;
  });
  return { ...plain(phased), switched: true };
}
