import type { StateName } from "#components/ui/states.ts";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { placeNames } from "./place-names.ts";
import { STEP_LOOKS, type Step, seconds, shareOf } from "./progress-model.ts";

type Act = DeploymentDto["acts"][number];
/** What a person did; to go on means a step, a wave or the end of a pause. */
export type ActName = Exclude<Act["act"], "continue"> | "continueStep" | "continueWave" | "endPause";
type Common = {
  key: string;
  at: string;
  /** The target it is about. */
  place: string | null;
  state: StateName;
  seconds: number | null;
};
export type TimelineEntry = Common &
  (
    | { what: "created" | "automatic"; person: string }
    | { what: "started" | "ended" }
    | { what: "step"; step: Step }
    | { what: "act"; act: ActName; person: string; wave: number; reason: string | null }
  );

const ACT_LOOKS: Readonly<Record<ActName, StateName>> = {
  pause: "paused",
  endPause: "approved",
  continueStep: "approved",
  continueWave: "approved",
  skip: "skipped",
  retry: "queued",
  cancel: "cancelled",
};
function actName({ act, wave, cluster }: Act): ActName {
  if (act !== "continue") return act;
  if (wave !== null) return "continueWave";
  return cluster === null ? "endPause" : "continueStep";
}

/** What happened, newest first: the recorded times of the steps, and what people did. */
export function timelineOf(deployment: DeploymentDto): TimelineEntry[] {
  const nameOf = placeNames(deployment.targets);
  const person = deployment.createdBy.displayName;
  const { createdAt, startedAt, endedAt, state } = deployment;
  const none = { place: null, seconds: null };
  const begin: TimelineEntry[] = [
    {
      ...none,
      key: "created",
      at: createdAt,
      state: "queued",
      what: deployment.automaticFor === null ? "created" : "automatic",
      person,
    },
    ...(startedAt === null
      ? []
      : [{ ...none, key: "started", at: startedAt, state: "entered", what: "started" } as const]),
  ];
  const acts = deployment.acts.map((act, index): TimelineEntry => {
    const name = actName(act);
    const { at, by, cluster, namespace, reason } = act;
    const place = cluster === null || namespace === null ? null : nameOf({ cluster, namespace });
    const rest = { what: "act", act: name, person: by.displayName, wave: act.wave ?? 0, reason } as const;
    return { key: `act ${index}`, at, place, state: ACT_LOOKS[name], seconds: null, ...rest };
  });
  const steps = deployment.targets.flatMap((target) =>
    target.steps.flatMap((step): TimelineEntry[] => {
      // One that was given up before it began did not happen.
      if (step.startedAt === null) return [];
      const at = step.endedAt ?? step.startedAt;
      const took = step.endedAt ? seconds(step.startedAt, step.endedAt) : null;
      const look = STEP_LOOKS[step.state] ?? "unknown";
      return [{ key: step.id, at, place: nameOf(target), state: look, seconds: took, what: "step", step }];
    }),
  );
  const took = startedAt === null || endedAt === null ? null : seconds(startedAt, endedAt);
  const end: TimelineEntry[] =
    endedAt === null ? [] : [{ key: "ended", at: endedAt, place: null, state, seconds: took, what: "ended" }];
  // At the same time what stands later here happened later.
  return [...begin, ...acts, ...steps, ...end]
    .map((item, index) => ({ item, index }))
    .sort((a, b) => b.item.at.localeCompare(a.item.at) || b.index - a.index)
    .map(({ item }) => item);
}

export const canaryShare = (step: Step): number | null =>
  step.input.canaries === undefined ? null : shareOf(step);
