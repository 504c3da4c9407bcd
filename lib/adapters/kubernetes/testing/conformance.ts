import { afterAll, beforeAll, vi } from "vitest";
import { accessCases } from "./access.ts";
import { applyCases } from "./apply.ts";
import { conflictCases } from "./conflicts.ts";
import { connectionCases } from "./connection.ts";
import { deletionCases } from "./deletions.ts";
import { dryRunCases } from "./dry-run.ts";
import { listCases } from "./lists.ts";
import { podCases } from "./pods.ts";
import { refusalCases } from "./refusals.ts";
import { rolloutCases } from "./rollouts.ts";
import { watchCases } from "./watches.ts";
import { workloadCases } from "./workloads.ts";
import { makeWorld, type Server } from "./world.ts";

/**
 * What every server behind the `Cluster` port must do: the sandbox in each test run, a real API server where
 * `CONFORMANCE_KUBECONFIG` names one. Works in namespaces of its own, with a random suffix, and removes them.
 */
export function clusterConformance(server: Server): void {
  // A rollout that a busy machine draws out is still one: cases wait longer than they should need.
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
  const world = makeWorld(server);
  beforeAll(world.begin);
  afterAll(world.end);
  for (const cases of [
    connectionCases,
    applyCases,
    refusalCases,
    dryRunCases,
    conflictCases,
    listCases,
    watchCases,
    rolloutCases,
    workloadCases,
    deletionCases,
    podCases,
    accessCases,
  ]) {
    cases(world);
  }
}
