type Times = {
  startedAt: string | Date | null;
  endedAt: string | Date | null;
  /** What it usually takes, else what its build server expects; milliseconds. */
  usualMs: number | null;
};
/** Milliseconds; of what does not run, or has nothing to go by, both are null. */
export type Eta = {
  /** Until it is over, as far as one can say. */
  etaMs: number | null;
  /** It takes so much longer than usual already. */
  overdueMs: number | null;
};

const NONE: Eta = { etaMs: null, overdueMs: null };

/** When a running build will be over. Pure; the same for the API and for a page whose clock goes on. */
export function etaOf({ startedAt, endedAt, usualMs }: Times, now: Date): Eta {
  if (startedAt === null || endedAt !== null || usualMs === null || usualMs <= 0) return NONE;
  // A build server's clock may be ahead of ours.
  const elapsed = Math.max(0, now.getTime() - new Date(startedAt).getTime());
  const left = usualMs - elapsed;
  return left > 0 ? { etaMs: left, overdueMs: null } : { etaMs: null, overdueMs: elapsed - usualMs };
}

/** When the last of some builds will be over; null while one of them waits, or nobody can say. */
export function etaOfAll(builds: readonly (Times & { state: string })[], now: Date): Eta {
  const open = builds.filter(({ state }) => state === "queued" || state === "running");
  const etas = open.map((build) => etaOf(build, now));
  if (etas.length === 0 || etas.some(({ etaMs, overdueMs }) => etaMs === null && overdueMs === null))
    return NONE;
  const left = etas.flatMap(({ etaMs }) => etaMs ?? []);
  if (left.length > 0) return { etaMs: Math.max(...left), overdueMs: null };
  return { etaMs: null, overdueMs: Math.max(...etas.flatMap(({ overdueMs }) => overdueMs ?? [])) };
}

/** Seconds as one says them: nobody knows better than to a minute, or ten seconds near the end. 0: any moment. */
export function roundedEta(etaMs: number): number {
  const seconds = etaMs / 1000;
  if (seconds < 8) return 0;
  const step = seconds > 100 ? 60 : 10;
  return Math.ceil(seconds / step) * step;
}
