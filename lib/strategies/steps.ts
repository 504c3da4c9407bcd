import { STANDARD_STEPS, type StepSpec } from "#lib/plans/content.ts";
import type { Wait } from "./schema.ts";

export type CanariedComponent = {
  component: string;
  steps: readonly { percent: number; replicas: number; wait: Wait }[];
};

/**
 * The steps of one target. Canaries of several components grow side by side: step for step, one that has no further
 * step stays as large as it is. Pure.
 * @param input.colors waits of the components whose traffic is switched, before it is
 */
export function stepsOf(input: {
  canaried: readonly CanariedComponent[];
  switched: boolean;
  colors: readonly Wait[];
}): StepSpec[] {
  const { canaried, switched } = input;
  if (canaried.length === 0 && !switched) return STANDARD_STEPS;
  const rounds = Math.max(0, ...canaried.map(({ steps }) => steps.length));
  const tried = Array.from({ length: rounds }, (_, round) => [
    canaryStep(canaried, round),
    ...waitsOf(canaried.flatMap(({ steps }) => steps[round]?.wait ?? [])),
  ]).flat();
  const when = (condition: boolean, name: string): StepSpec[] => (condition ? [{ name }] : []);
  return [
    { name: "dry_run" },
    { name: "apply" },
    ...tried,
    ...when(canaried.length > 0, "promote"),
    { name: "roll_out" },
    ...(switched ? waitsOf(input.colors) : []),
    ...when(switched, "switch"),
    ...when(canaried.length > 0, "clean_up"),
    { name: "verify" },
    // Until it is verified the old version is still there to go back to.
    ...when(switched, "clean_up"),
  ];
}

function canaryStep(canaried: readonly CanariedComponent[], round: number): StepSpec {
  const canaries = canaried.flatMap(({ component, steps }) => {
    const at = steps[round] ?? steps.at(-1);
    return at ? [{ component, percent: at.percent, replicas: at.replicas }] : [];
  });
  return { name: "canary", input: { canaries } };
}

/** Several waits as one: the longest time, then the checks, and last a person, who knows then what came of them. */
function waitsOf(waits: readonly Wait[]): StepSpec[] {
  const seconds = Math.max(0, ...waits.map((wait) => (wait.kind === "seconds" ? wait.seconds : 0)));
  const asks = (kind: Wait["kind"]) => waits.some((wait) => wait.kind === kind);
  const merged: Wait[] = [
    ...(seconds > 0 ? [{ kind: "seconds" as const, seconds }] : []),
    ...(asks("checks") ? [{ kind: "checks" as const }] : []),
    ...(asks("person") ? [{ kind: "person" as const }] : []),
  ];
  return merged.map((wait) => ({ name: "wait", input: { wait } }));
}
