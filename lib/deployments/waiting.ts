import type { Wait } from "#lib/strategies/schema.ts";
import type { WaitingDto } from "./schema.ts";
import { ENDED_TARGETS, type StepState, type TargetRunState } from "./state.ts";
import { nextOf, UNWELL_MS, type WaveFacts, type WavePolicy } from "./waves.ts";

/** What of a deployment says whether it goes on. */
export type FlowFacts = {
  automaticFor: string | null;
  pausedAt: Date | null;
  waveContinued: number;
  environment: WavePolicy;
  targets: readonly {
    id: string;
    wave: number;
    state: TargetRunState;
    endedAt: Date | null;
    cause: { since?: string | undefined } | null;
    steps: readonly {
      id: string;
      state: StepState;
      startedAt: Date | null;
      continuedAt: Date | null;
      input: { wait?: Wait | undefined };
    }[];
  }[];
};

/** What the environment says of waves; a rollback that nobody asked for waits for nobody, and loses no time. */
export const policyOf = (run: Pick<FlowFacts, "automaticFor" | "environment">): WavePolicy =>
  run.automaticFor === null ? run.environment : { ...run.environment, waveGate: "auto", wavePauseSeconds: 0 };

export const waveFacts = (run: FlowFacts, now: Date): WaveFacts => ({
  now,
  paused: run.pausedAt !== null,
  waveContinued: run.waveContinued,
  policy: policyOf(run),
  targets: run.targets.map(({ steps, ...target }) => ({
    ...target,
    busy: steps.some(({ state }) => state === "running"),
  })),
});

/**
 * What a deployment that holds its targets waits for, or null while it goes on by itself. Pure. A person's pause is
 * told before all else, then what a step waits for, then the wave.
 */
export function waitingOf(run: FlowFacts, now: Date): WaitingDto | null {
  if (run.pausedAt) return { kind: "paused" };
  const held = run.targets.flatMap((target) =>
    ENDED_TARGETS.includes(target.state) ? [] : (waitOfStep(target) ?? []),
  );
  // One that waits for a person is told before one that goes on by itself.
  const [step] = [...held.filter(({ wait }) => wait === "person"), ...held];
  if (step) return step;
  const next = nextOf(waveFacts(run, now));
  if (next.do === "hold" && next.hold.kind !== "paused") {
    const { kind, wave, until } = next.hold;
    return { kind, wave, ...(until ? { until: until.toISOString() } : {}) };
  }
  if (next.do !== "begin") return null;
  const unwell = run.targets.find(({ id, cause }) => next.healthy.includes(id) && cause?.since);
  if (!unwell?.cause?.since) return null;
  const until = new Date(Date.parse(unwell.cause.since) + UNWELL_MS).toISOString();
  return { kind: "health", wave: next.wave, until, target: unwell.id };
}

function waitOfStep(target: FlowFacts["targets"][number]): WaitingDto | null {
  const step = target.steps.find(({ state }) => state === "running");
  const wait = step?.input.wait;
  if (!step || !wait || wait.kind === "none" || step.continuedAt) return null;
  const at = step.startedAt?.getTime();
  const until =
    wait.kind === "seconds" && at !== undefined
      ? { until: new Date(at + wait.seconds * 1000).toISOString() }
      : {};
  return { kind: "step", wait: wait.kind, wave: target.wave, target: target.id, step: step.id, ...until };
}
