import type { Progress } from "../content.ts";
import { lookAtWorkloads, withLog } from "./look.ts";
import { lookAgain, type Outcome, type StepInput } from "./outcome.ts";

/** Waits for the workloads to come up with the new revision; a cause that nothing will heal ends it. */
export async function rollOut(input: StepInput): Promise<Outcome> {
  const progress = await lookAtWorkloads(input);
  const failed = progress.find(({ state }) => state === "failed");
  if (failed) return { failed: await causeOf(failed, input), progress };
  if (progress.every(({ state }) => state === "healthy")) return { done: true, progress };
  return { wait: lookAgain(input), progress };
}

/** Why a workload failed, with its component named and its container's last words. */
export async function causeOf(workload: Progress[number], { client, plan, signal }: StepInput) {
  const facts = { component: workload.component, object: `${workload.kind} ${workload.name}` };
  const known = workload.cause ?? {
    code: "UNKNOWN" as const,
    message: `${facts.object} failed`,
    facts: {},
    evidence: [],
  };
  const told = await withLog(known, { client, namespace: plan.namespace, signal });
  return { ...told, facts: { ...facts, ...told.facts } };
}
