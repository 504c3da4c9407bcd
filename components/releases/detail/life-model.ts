import type { ReleaseLifeDto } from "#lib/statistics/schema.ts";

export type LifeStep = ReleaseLifeDto["steps"][number] & {
  key: string;
  seconds: number;
  /** It is the case at this moment. */
  current: boolean;
};
export type LifeSummary = {
  steps: LifeStep[];
  seconds: number;
  /** Of all the time, 0 to 1. */
  waitingShare: number;
  /** Whom it waited for longest, over all the waits for them. */
  longest: { on: LifeStep["on"]; seconds: number } | null;
};

/** Sums up a release order's life. The last step of one under way lasts until `now`. Pure. */
export function summarizeLife({ steps, open }: ReleaseLifeDto, now: Date): LifeSummary {
  const last = steps.length - 1;
  const timed = steps.map((step, index) => {
    const current = open && index === last;
    const until = current ? Math.max(Number(now), Date.parse(step.until)) : Date.parse(step.until);
    return { ...step, key: step.from, current, seconds: (until - Date.parse(step.from)) / 1000 };
  });
  const total = (rows: readonly LifeStep[]) => rows.reduce((sum, { seconds }) => sum + seconds, 0);
  const waits = Map.groupBy(
    timed.filter(({ mode }) => mode === "waiting"),
    ({ on }) => on,
  );
  const [longest = null] = [...waits]
    .map(([on, rows]) => ({ on, seconds: total(rows) }))
    .sort((a, b) => b.seconds - a.seconds);
  const seconds = total(timed);
  const waiting = total(timed.filter(({ mode }) => mode === "waiting"));
  return { steps: timed, seconds, waitingShare: seconds === 0 ? 0 : waiting / seconds, longest };
}

/** The steps that took longest and the current one, in the order of the life. */
export function mainSteps(steps: readonly LifeStep[], count: number): LifeStep[] {
  const chosen = new Set(
    steps
      .toSorted((a, b) => Number(b.current) - Number(a.current) || b.seconds - a.seconds)
      .slice(0, count)
      .map(({ key }) => key),
  );
  return steps.filter(({ key }) => chosen.has(key));
}
