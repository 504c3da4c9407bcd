import type { LiveTargetDto } from "./schema.ts";

type Last = NonNullable<LiveTargetDto["last"]>;
type Seen = Pick<LiveTargetDto, "version" | "workloads" | "drift">;
type Kept = { told: Seen; at: Date } | { last: Last };

/** What is worth knowing of a target that is silent: what was there, and how it was. Pure. */
export function lastOf({ version, workloads, drift }: Seen, at: Date): Last {
  const drifted = new Set(drift.map(({ object }) => object));
  return {
    at: at.toISOString(),
    version,
    workloads: workloads.map(({ component, kind, name, release, state, ready, desired, revisions }) => {
      const pods = revisions.filter(({ revision }) => revision === "new").flatMap((one) => one.pods);
      const digest = pods.find((pod) => pod.digest !== null)?.digest ?? null;
      const object = `${kind} ${name}`;
      return { component, kind, name, release, state, ready, desired, digest, drifted: drifted.has(object) };
    }),
  };
}

/**
 * What each target told last, for as long as the process lives: nothing of it is true any more once the target is
 * silent, but somebody in an outage has to know what was there. One summary a target, however long it is not looked at.
 */
export class LastAnswers {
  readonly #kept = new Map<string, Kept>();

  /** What a target tells now. */
  keep(targetId: string, seen: Seen, at: Date): void {
    this.#kept.set(targetId, { told: seen, at });
  }

  /**
   * It tells nothing from here on: it fell silent, or nobody asks any more. What it told last held until `at`, its last
   * answer; said again before anything new was told, this changes nothing.
   */
  settle(targetId: string, at: Date | null): Last | null {
    const kept = this.#kept.get(targetId);
    if (!kept) return null;
    if ("last" in kept) return kept.last;
    const last = lastOf(kept.told, at && at > kept.at ? at : kept.at);
    this.#kept.set(targetId, { last });
    return last;
  }
}
