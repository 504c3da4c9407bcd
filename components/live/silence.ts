/** An open stream says something every three seconds; after this long without a word it leads nowhere. */
const SILENT_MS = 15_000;
const LOOK_MS = 2_000;

/**
 * Tells when nothing has been heard for too long. A connection whose other end is gone without a word (a changed network,
 * a machine that slept, a proxy that forgot) stays open for the browser.
 * @param lost is called once; `heard` is to be called with everything that comes
 */
export function watchSilence(lost: () => void): { heard: () => void; stop: () => void } {
  let last = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - last < SILENT_MS) return;
    clearInterval(timer);
    lost();
  }, LOOK_MS);
  return {
    heard: () => {
      last = Date.now();
    },
    stop: () => clearInterval(timer),
  };
}
