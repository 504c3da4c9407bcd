import { setTimeout as sleep } from "node:timers/promises";
import { isNoticed } from "#lib/rollouts/assess.ts";
import type { Progress } from "../content.ts";
import { judgeWorkloads, readAgain, readWorkloads, type Written, withLog } from "./look.ts";
import { lookAgain, type Outcome, type StepInput } from "./outcome.ts";

/** Waits for the workloads to come up with the new revision; a cause that nothing will heal ends it. */
export async function rollOut(input: StepInput): Promise<Outcome> {
  const progress = await judgeWorkloads(input, await noticedWorkloads(input));
  const failed = progress.find(({ state }) => state === "failed");
  if (failed) return { failed: await causeOf(failed, input), progress };
  if (progress.every(({ state }) => state === "healthy")) return { done: true, progress };
  return { wait: lookAgain(input), progress };
}

/** How long controllers usually take to come to what was just written: milliseconds between tries. */
const NOTICED_AFTER_MS = [25, 50, 100];

/** The workloads; just after they were written once their controllers have come to them, if that is soon. */
async function noticedWorkloads(input: StepInput): Promise<Written[]> {
  const workloads = await readWorkloads(input);
  if (input.begunAt === undefined) return workloads;
  for (const ms of NOTICED_AFTER_MS) {
    const unnoticed = workloads.filter(({ live }) => live && !isNoticed(live));
    if (unnoticed.length === 0) break;
    await sleep(ms, undefined, { signal: input.signal });
    const again = await readAgain(input, unnoticed);
    for (const [index, one] of unnoticed.entries())
      workloads.splice(workloads.indexOf(one), 1, again[index] ?? one);
  }
  return workloads;
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
