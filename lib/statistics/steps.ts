import type { Actor } from "#lib/access/actor.ts";
import { cutLife, type ReleaseLife, STEP_KINDS, STEPS, type Step } from "./life.ts";
import { arrivedLives } from "./lives.ts";
import type { StatisticsQuery, Steps } from "./schema.ts";

/** Where the lead time of the release orders that arrived in the period went, step by step. */
export async function leadTimeSteps(actor: Actor, query: StatisticsQuery): Promise<Steps> {
  const { releases, lives } = await arrivedLives(actor, query);
  return { releases, counted: lives.length, ...sumSteps(lives, new Date()) };
}

/**
 * Sums lives up by step and environment, in the order of a life. Environments stand in the order of the paths they are
 * met on. Pure. Seconds; a life under way counts up to `now`.
 */
export function sumSteps(
  lives: readonly ReleaseLife[],
  now: Date,
): Pick<Steps, "medianSeconds" | "waitingShare" | "items"> {
  const environments = [...new Set(lives.flatMap(({ stages }) => stages.map((stage) => stage.environment)))];
  const groups = new Map<string, { of: Pick<Step, "kind" | "environment">; seconds: number[] }>();
  const wholes = lives.map((life) => {
    const own = new Map<string, number>();
    for (const step of cutLife(life, now)) {
      const key = `${step.kind} ${step.environment ?? ""}`;
      if (!groups.has(key)) groups.set(key, { of: step, seconds: [] });
      own.set(key, (own.get(key) ?? 0) + (Number(step.until) - Number(step.from)) / 1000);
    }
    for (const [key, seconds] of own) groups.get(key)?.seconds.push(seconds);
    return total([...own.values()]);
  });
  const all = total(wholes);
  const place = ({ kind, environment }: Pick<Step, "kind" | "environment">) =>
    (environment === null ? -1 : environments.indexOf(environment)) * STEP_KINDS.length +
    STEP_KINDS.indexOf(kind);
  const items = [...groups.values()]
    .toSorted((a, b) => place(a.of) - place(b.of))
    .map(({ of: { kind, environment }, seconds }) => ({
      kind,
      environment,
      ...STEPS[kind],
      releases: seconds.length,
      meanSeconds: total(seconds) / lives.length,
      medianSeconds: percentile(seconds, 0.5),
      p95Seconds: percentile(seconds, 0.95),
      share: all === 0 ? 0 : total(seconds) / all,
    }));
  const waiting = total(items.flatMap(({ mode, share }) => (mode === "waiting" ? [share] : [])));
  return {
    medianSeconds: wholes.length === 0 ? null : percentile(wholes, 0.5),
    waitingShare: all === 0 ? null : waiting,
    items,
  };
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** As percentile_cont does: between the two nearest values by their distance. */
function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below = 0, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
