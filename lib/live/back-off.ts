/** Longer each time, never two watchers in step: milliseconds before try `failures + 1`. */
export const backOffMs = (failures: number, most = 30_000): number =>
  Math.min(most, 250 * 2 ** Math.min(failures, 12)) * (0.5 + Math.random() / 2);

/** Resolves after `ms` or when the signal aborts; it keeps no process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener("abort", done);
  });
}
