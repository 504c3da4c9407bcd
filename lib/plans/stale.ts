import type { Blocker } from "#lib/errors.ts";

/** Fact `newer` while nobody computed another plan. */
const NONE = "none";

/**
 * What holds an outdated plan back. Pure. Its fact `newer` is the digest of the plan that took its place, or `none`:
 * whoever is refused is led there.
 */
export const staleBlocker = (newer: { digest: string } | null): Blocker => ({
  code: "PLAN_STALE",
  message: newer
    ? `the plan is not what would be computed now; a newer one is ${newer.digest}`
    : "the plan is not what would be computed now",
  facts: { newer: newer?.digest ?? NONE },
  liftedBy: ["system"],
});
