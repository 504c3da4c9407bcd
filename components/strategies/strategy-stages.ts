import { canaryReplicas, type Strategy, type Wait } from "#lib/strategies/schema.ts";

export type PodKind = "old" | "new" | "idle";
export type Stage = {
  name: "before" | "stopped" | "rolling" | "canary" | "ready" | "after";
  /** Of a canary: its share in per cent. */
  percent?: number;
  pods: { kind: PodKind; count: number }[];
  /** What is waited for before the next stage. */
  wait?: Wait;
};

/**
 * What becomes of the pods of a component with so many replicas, stage by stage. Pure.
 */
export function stagesOf(strategy: Strategy, replicas: number): Stage[] {
  const old = { kind: "old" as const, count: replicas };
  const fresh = { kind: "new" as const, count: replicas };
  const before: Stage = { name: "before", pods: [old] };
  const after: Stage = { name: "after", pods: [fresh] };
  switch (strategy.kind) {
    case "rolling": {
      const half = Math.ceil(replicas / 2);
      const pods = [
        { kind: "old" as const, count: replicas - half },
        { kind: "new" as const, count: half },
      ];
      return [before, { name: "rolling", pods: pods.filter(({ count }) => count > 0) }, after];
    }
    case "recreate":
      return [before, { name: "stopped", pods: [] }, after];
    case "canary":
      return [
        before,
        ...strategy.steps.map(
          ({ percent, wait }): Stage => ({
            name: "canary",
            percent,
            pods: [old, { kind: "new", count: canaryReplicas(replicas, percent) }],
            wait,
          }),
        ),
        after,
      ];
    case "blue_green":
      return [
        before,
        { name: "ready", pods: [old, { kind: "idle", count: replicas }], wait: strategy.wait },
        after,
      ];
  }
}
