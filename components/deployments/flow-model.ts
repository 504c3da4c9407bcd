import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { placeNames } from "./place-names.ts";
import { type Step, shareOf, stepsNow, type TargetRun } from "./progress-model.ts";

export type Waiting = NonNullable<DeploymentDto["waiting"]>;
/** What a click on "continue" names, so that it never continues something else. */
export type Continued = { step?: string; wave?: number };

/** What a person may let go on here, or null where nobody is waited for. */
export function continuedBy(waiting: Waiting | null): Continued | null {
  if (waiting === null) return null;
  if (waiting.kind === "paused") return {};
  if (waiting.kind === "wave_gate" && waiting.wave !== undefined) return { wave: waiting.wave };
  if (waiting.kind === "step" && waiting.wait === "person" && waiting.step !== undefined)
    return { step: waiting.step };
  return null;
}

export type Wave = { wave: number; targets: TargetRun[] };
/** Targets by wave, the earliest first. */
export function wavesOf(targets: readonly TargetRun[]): Wave[] {
  const waves = [...new Set(targets.map(({ wave }) => wave))].sort((a, b) => a - b);
  return waves.map((wave) => ({ wave, targets: targets.filter((target) => target.wave === wave) }));
}

/** Whether the gate before a wave has been passed, is where the deployment stands, or lies ahead. */
export type GateState = "passed" | "here" | "ahead" | "closed";
export function gateOf(deployment: Pick<DeploymentDto, "waiting" | "endedAt">, wave: Wave): GateState {
  if (wave.targets.some(({ startedAt }) => startedAt !== null)) return "passed";
  if (deployment.endedAt !== null) return "closed";
  const { waiting } = deployment;
  const here = waiting !== null && waiting.kind !== "step" && waiting.wave === wave.wave;
  return here ? "here" : "ahead";
}

export type CanaryStop = { percent: number; state: "done" | "now" | "ahead" | "stopped" };
const ENDED_BADLY = ["failed", "cancelled"];
/**
 * The shares of the traffic that a canary goes through on a target, up to the whole; empty without a canary. Where
 * several components are tried at once the largest share counts.
 */
export function canaryStops(target: TargetRun): CanaryStop[] {
  const steps = stepsNow(target);
  const shares = steps.flatMap((step, index) =>
    step.name === "canary" ? [{ index, percent: shareOf(step) }] : [],
  );
  if (shares.length === 0) return [];
  const whole = steps.findIndex(({ name }) => name === "promote");
  const stops = whole < 0 ? shares : [...shares, { index: whole, percent: 100 }];
  return stops.map(({ index, percent }, nth) => {
    const until = stops[nth + 1]?.index ?? steps.findIndex(({ name }) => name === "verify");
    const own = steps.slice(index, until > index ? until : index + 1);
    return { percent, state: stopState(own) };
  });
}

/** Whether what is seen of a target are its canaries, beside the old version that stands as it was. */
export const isTried = (target: TargetRun): boolean => {
  const steps = stepsNow(target);
  const promoted = steps.some(({ name, state }) => name === "promote" && state !== "waiting");
  return !promoted && steps.some(({ name, state }) => name === "canary" && state !== "waiting");
};

/** What comes once a waiting step goes on: the share after the one it stands at; null where it is no canary's. */
export function nextShare(target: TargetRun, stepId: string): { now: number; next: number } | null {
  const steps = stepsNow(target);
  const at = steps.findIndex(({ id }) => id === stepId);
  const before = steps.slice(0, Math.max(at, 0));
  const canary = before.findLast(({ name }) => name === "canary");
  if (!canary || before.some(({ name }) => name === "promote")) return null;
  const next = steps.slice(at).find(({ name }) => name === "canary");
  return { now: shareOf(canary), next: next ? shareOf(next) : 100 };
}

function stopState(steps: readonly Step[]): CanaryStop["state"] {
  if (steps.every(({ state }) => state === "succeeded")) return "done";
  if (steps.some(({ state }) => ENDED_BADLY.includes(state))) return "stopped";
  return steps.some(({ state }) => state !== "waiting") ? "now" : "ahead";
}

export type TakenOver = { object: string; field: string; manager: string };
/** Fields that were written by force on a target, with who owned them. */
export const takenOver = (target: TargetRun): TakenOver[] =>
  stepsNow(target).flatMap(({ detail }) =>
    (detail?.objects ?? []).flatMap(({ object, fields }) =>
      (fields ?? []).map(({ field, manager }) => ({ object, field, manager })),
    ),
  );

export type Check = NonNullable<NonNullable<Step["detail"]>["checks"]>[number];
/** The checks of the step that looked at them last. */
export const checksOf = (target: TargetRun): Check[] =>
  stepsNow(target).findLast(({ detail }) => (detail?.checks ?? []).length > 0)?.detail?.checks ?? [];

/** The step of a target that waits now. */
export const waitingStep = (target: TargetRun): Step | null =>
  stepsNow(target).find(({ name, state }) => name === "wait" && state === "running") ?? null;

/** The targets that begin when the gate before `wave` opens, and how those before it ended. */
export function wavePreview(targets: readonly TargetRun[], wave: number) {
  const before = targets.filter((target) => target.wave < wave);
  const of = (state: string) => before.filter((target) => target.state === state).length;
  return {
    clusters: targets.filter((target) => target.wave === wave).map(placeNames(targets)),
    succeeded: of("succeeded"),
    failed: of("failed"),
    skipped: of("skipped"),
  };
}
