import type { ReleaseItemDto } from "#lib/releases/schema.ts";

type Build = NonNullable<ReleaseItemDto["build"]>;
const ms = (time: string) => new Date(time).getTime();

/** Whether a build has not ended. */
export const isOpen = (build: Pick<Build, "state">): boolean =>
  build.state === "queued" || build.state === "running";

/**
 * The builds of a release order as one: when the first began, when the last ended (null while one runs), what the
 * slowest usually takes, in seconds. Undefined before any build has started.
 */
export function buildTimes(
  items: readonly Pick<ReleaseItemDto, "build">[],
): { since: string; seconds: number | null; usual: number | undefined } | undefined {
  const builds = items.flatMap(({ build }) => build ?? []);
  const started = builds.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const [since] = started;
  if (since === undefined) return undefined;
  const usuals = builds.flatMap(({ usualMs }) => usualMs ?? []);
  const ends = builds.flatMap(({ endedAt }) => endedAt ?? []).map(ms);
  return {
    since,
    seconds: builds.some(isOpen) || ends.length === 0 ? null : (Math.max(...ends) - ms(since)) / 1000,
    usual: usuals.length > 0 ? Math.max(...usuals) / 1000 : undefined,
  };
}

/** How far a running build is, by what is usual: it never looks finished before it is. */
export function progress(elapsedMs: number, usualMs: number | null): number {
  if (usualMs === null || usualMs <= 0) return 0.5;
  const scale = Math.max(usualMs * 1.15, elapsedMs * 1.04);
  return Math.min(1, Math.max(0, elapsedMs / scale));
}

/** Where the mark of the usual time stands on the same scale. */
export function usualMark(elapsedMs: number, usualMs: number | null): number | undefined {
  if (usualMs === null || usualMs <= 0) return undefined;
  return usualMs / Math.max(usualMs * 1.15, elapsedMs * 1.04);
}
