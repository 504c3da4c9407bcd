import { type Strategy, strategySchema, type Wait } from "#lib/strategies/schema.ts";

type CanaryStep = Extract<Strategy, { kind: "canary" }>["steps"][number];
export const MAX_STEPS = 10;
const PERSON: Wait = { kind: "person" };

/** A strategy as it begins when its kind is chosen. Pure. */
export function freshStrategy(kind: Strategy["kind"]): Strategy {
  if (kind === "canary") {
    return {
      kind,
      steps: [
        { percent: 10, wait: PERSON },
        { percent: 50, wait: { kind: "seconds", seconds: 300 } },
      ],
    };
  }
  return kind === "blue_green" ? { kind, wait: PERSON } : { kind };
}

/** A wait as it begins when its kind is chosen. Pure. */
export const freshWait = (kind: Wait["kind"]): Wait =>
  kind === "seconds" ? { kind, seconds: 300 } : { kind };

/** The next step that makes sense after these: larger, at most half. Pure. */
export function nextStep(steps: readonly CanaryStep[]): CanaryStep {
  const last = steps.at(-1)?.percent ?? 0;
  return { percent: Math.min(50, Math.max(last + 1, last * 2, 10)), wait: PERSON };
}

export type StrategyFault = "percent" | "seconds" | "steps";
/** What is wrong with a strategy as typed; null when it can be saved. Pure. */
export function faultOf(strategy: Strategy): StrategyFault | null {
  const parsed = strategySchema.safeParse(strategy);
  if (parsed.success) return null;
  const paths = parsed.error.issues.map(({ path }) => path);
  if (paths.some((path) => path.includes("seconds"))) return "seconds";
  const length = strategy.kind === "canary" ? strategy.steps.length : 1;
  return length < 1 || length > MAX_STEPS ? "steps" : "percent";
}

/** Whether a strategy asks for checks at some point. Pure. */
export function asksForChecks(strategy: Strategy): boolean {
  if (strategy.kind === "canary") return strategy.steps.some(({ wait }) => wait.kind === "checks");
  return strategy.kind === "blue_green" && strategy.wait.kind === "checks";
}
