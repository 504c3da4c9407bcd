import type { FAILURE_POLICIES, WAVE_GATES } from "#lib/environments/schema.ts";
import { ENDED_TARGETS, type TargetRunState } from "./state.ts";

/** What an environment says about waves and failures. */
export type WavePolicy = {
  waveGate: (typeof WAVE_GATES)[number];
  /** Seconds between the end of a wave and the next one. */
  wavePauseSeconds: number;
  /** How many targets of a deployment may fail before later waves are not started. */
  maxFailedTargets: number;
  onFailure: (typeof FAILURE_POLICIES)[number];
};
export type WaveFacts = {
  now: Date;
  /** A person has asked that nothing new begins. */
  paused: boolean;
  /** The highest wave that a person has let begin. */
  waveContinued: number;
  policy: Pick<WavePolicy, "waveGate" | "wavePauseSeconds" | "maxFailedTargets">;
  targets: readonly {
    id: string;
    wave: number;
    state: TargetRunState;
    endedAt: Date | null;
    /** One of its steps is under way. */
    busy: boolean;
  }[];
};

/** How long a target that was well may be unwell before it counts as failed. */
export const UNWELL_MS = 60_000;

/** Why nothing goes on at the moment. */
export type Hold =
  | { kind: "paused" }
  /** A person lets the wave begin; `until` is when the pause before it is over. */
  | { kind: "wave_gate"; wave: number; until: Date | null }
  | { kind: "wave_pause"; wave: number; until: Date };
export type Next =
  /** These are looked at; those that have not begun begin. */
  | { do: "work"; targets: string[] }
  /** A wave may begin once what `healthy` came to is seen to be well. */
  | { do: "begin"; wave: number; targets: string[]; healthy: string[] }
  /** `seconds`: when to ask again; null where only a person ends it. */
  | { do: "hold"; hold: Hold; seconds: number | null }
  | { do: "succeed" }
  /** `target` is the one whose cause is told. */
  | { do: "fail"; target: string };

/**
 * What a deployment that has had its turn does next. Pure. A wave that has begun is finished whatever happens in it; a
 * later one begins when every target before it has ended, few enough failed, a person (where asked for) agrees, the
 * pause is over and what is there is well.
 */
export function nextOf(facts: WaveFacts): Next {
  const { targets, policy } = facts;
  const failed = targets.filter(({ state }) => state === "failed");
  const open = targets.filter(({ state }) => !ENDED_TARGETS.includes(state));
  const [first] = failed;
  if (facts.paused && open.length > 0) return pause(open);
  if (open.length === 0) {
    // What was skipped is not failed; but a deployment that reached nothing has not succeeded.
    const lost = first ?? (targets.some(({ state }) => state === "succeeded") ? undefined : targets[0]);
    return lost ? { do: "fail", target: lost.id } : { do: "succeed" };
  }
  const wave = Math.min(...open.map((target) => target.wave));
  const here = open.filter((target) => target.wave === wave);
  if (hasBegun(targets, wave)) {
    // Of a wave that goes on, what has not begun begins only while few enough failed.
    const stopped = failed.length > policy.maxFailedTargets;
    const at = stopped ? here.filter(({ state }) => state !== "queued") : here;
    if (at.length > 0 || !first) return { do: "work", targets: at.map(({ id }) => id) };
    return { do: "fail", target: first.id };
  }
  if (first && failed.length > policy.maxFailedTargets) return { do: "fail", target: first.id };
  const before = targets.filter((target) => target.wave < wave);
  if (before.length === 0) return { do: "work", targets: here.map(({ id }) => id) };
  const hold = holdOf(facts, wave, before);
  if (hold) return hold;
  const healthy = before.filter(({ state }) => state === "succeeded").map(({ id }) => id);
  return { do: "begin", wave, targets: here.map(({ id }) => id), healthy };
}

const hasBegun = (targets: WaveFacts["targets"], wave: number): boolean =>
  targets.some((target) => target.wave === wave && target.state !== "queued");

/** The step at hand ends; then nothing. */
function pause(open: WaveFacts["targets"]): Next {
  const busy = open.filter((target) => target.busy).map(({ id }) => id);
  return busy.length > 0
    ? { do: "work", targets: busy }
    : { do: "hold", hold: { kind: "paused" }, seconds: null };
}

function holdOf(facts: WaveFacts, wave: number, before: WaveFacts["targets"]): Next | null {
  const { policy, now } = facts;
  const ended = Math.max(...before.map(({ endedAt }) => endedAt?.getTime() ?? 0));
  const until = new Date(ended + policy.wavePauseSeconds * 1000);
  const left = policy.wavePauseSeconds > 0 ? until.getTime() - now.getTime() : 0;
  if (policy.waveGate === "person" && facts.waveContinued < wave) {
    return {
      do: "hold",
      hold: { kind: "wave_gate", wave, until: left > 0 ? until : null },
      seconds: null,
    };
  }
  if (left <= 0) return null;
  return { do: "hold", hold: { kind: "wave_pause", wave, until }, seconds: Math.ceil(left / 1000) };
}
