import type { COMPARISONS, SmokeCheck } from "#lib/strategies/schema.ts";
import type { CheckResult } from "../content.ts";

/** What one look at a check came to; `final` when looking again changes nothing. */
export type Look = { state: "passed" | "failing" | "running"; message: string; final?: boolean };

/**
 * What a check is worth now: one that fails is given its own time to come right, counted from when it began to fail.
 * Pure.
 * @param now ISO time
 */
export function judgeCheck(
  check: SmokeCheck & { component: string },
  before: CheckResult | undefined,
  look: Look,
  now: string,
): CheckResult {
  const { component, name, kind } = check;
  const bad = look.state === "failing" || look.state === "running";
  const wasBad = before?.state === "failing" || before?.state === "running" || before?.state === "failed";
  const since = before && (bad ? wasBad : before.state === "passed") ? before.since : now;
  const late = Date.parse(now) - Date.parse(since) >= check.timeoutSeconds * 1000;
  const failed = bad && (look.final === true || late);
  const base = { component, name, kind, message: look.message };
  return { ...base, state: failed ? "failed" : look.state, since };
}

const COMPARE: Readonly<Record<(typeof COMPARISONS)[number], (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
};

/** Every sample must hold; none, or one without a value, says nothing yet. Pure. */
export function judgeSamples(
  check: Extract<SmokeCheck, { kind: "prometheus" }>,
  samples: readonly number[],
): Look {
  if (samples.length === 0) return { state: "failing", message: "the query has no result" };
  const wrong = samples.find((sample) => !COMPARE[check.comparison](sample, check.threshold));
  const told = `${samples.join(", ")} ${check.comparison} ${check.threshold}`.slice(0, 200);
  return wrong === undefined
    ? { state: "passed", message: told }
    : { state: "failing", message: `${wrong} is not ${check.comparison} ${check.threshold}` };
}

/** Names of what runs, as a query may contain them: `$project`, `$component`, `$environment`, `$release`, `$namespace`. */
export function fillQuery(query: string, names: Readonly<Record<string, string>>): string {
  return query.replace(/\$([a-z]+)\b/g, (whole, name: string) => names[name] ?? whole);
}
