import { setTimeout as sleep } from "node:timers/promises";

/** A longer wait ends the look: the worker comes back for it. */
const SHORT_SECONDS = 5;

/**
 * One look at each of several targets, side by side. One that soon wants to look again does so while another is still
 * at it: a cluster that says nothing until its timeout does not hold the others up. All have ended when this ends,
 * also where one fails: nothing goes on once the lease is given back.
 * @param looks answer the seconds until they want to be called again, null when they have ended
 * @returns the last answer of each
 * @throws what the first of those that failed threw
 */
export async function together(
  looks: readonly (() => Promise<number | null>)[],
  signal: AbortSignal,
): Promise<(number | null)[]> {
  let busy = looks.length;
  const outcomes = await Promise.allSettled(
    looks.map(async (look) => {
      for (;;) {
        const wait = await look().finally(() => {
          busy -= 1;
        });
        if (wait === null || wait > SHORT_SECONDS || busy === 0) return wait;
        await sleep(wait * 1000, undefined, { signal });
        busy += 1;
      }
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
