import { db } from "#lib/db.ts";
import { changes } from "#sandbox/faults/changes.ts";
import type { FaultProxy, Passing } from "#sandbox/faults/proxy.ts";
import { DEPLOYMENT_STATES } from "../../state.ts";
import type { Holds } from "./holds.ts";

/**
 * Where a worker can be at a step when it dies:
 * `begun` the step is recorded as running, its first request has not reached the cluster; `asked` the cluster did the
 * first thing (the first change, if the step makes any) and its answer is on the way; `done` everything is done and
 * nothing of it recorded; `recorded` the step's end is recorded and what comes next is not.
 */
export const MOMENTS = ["begun", "asked", "done", "recorded"] as const;
export type Moment = (typeof MOMENTS)[number];

export type StepRow = { id: string; name: string; position: number };
/** Whether a step asks the cluster anything, and whether it changes something there. */
export type Ways = { asks: boolean; changes: boolean };
/** Where a worker stands: at a request of its own, or at a record. */
export type Stand = "request" | "record";

export const expectedStand = (moment: Moment, { asks }: Ways): Stand =>
  asks && (moment === "begun" || moment === "asked") ? "request" : "record";
const ENDS = ["succeeded", "failed", "skipped", "cancelled"];

/** The steps of a deployment's only target, in order. */
export const stepsOf = (deploymentId: string): Promise<StepRow[]> =>
  db.deploymentStep.findMany({
    where: { run: { deploymentId } },
    orderBy: { position: "asc" },
    select: { id: true, name: true, position: true },
  });

const isRunning = async (step: StepRow): Promise<boolean> =>
  (await db.deploymentStep.count({ where: { id: step.id, state: "running" } })) > 0;

/** Whether a request changes an object of the plan, if it gets through. Only the namespace is made by POST. */
export const changesObject = (request: Passing): boolean =>
  request.method !== "POST" && changes([{ ...request, forwarded: true, at: 0 }]).length > 0;

/**
 * Stops whoever carries a deployment out at a moment of one of its steps. A step that never asks the cluster has no
 * `begun` and `asked` of its own: there it is stopped at the record of its end, which is the next moment it has.
 */
export async function stopAt(
  input: { deploymentId: string; step: StepRow; moment: Moment; ways: Ways },
  { proxy, holds }: { proxy: FaultProxy; holds: Holds },
) {
  const { deploymentId, step, moment, ways } = input;
  let letGo = () => {};
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let caught = false;
  const catches = async (hold: "request" | "answer", request: Passing) => {
    if (caught || (hold === "answer" && ways.changes && !changesObject(request)) || !(await isRunning(step)))
      return null;
    caught = true;
    return { hold, until };
  };
  const numbers: number[] = [];
  if (moment === "begun") proxy.rule((request) => catches("request", request));
  if (moment === "asked") proxy.rule((request) => catches("answer", request));
  if (moment === "recorded") {
    const later = (await stepsOf(deploymentId)).filter(({ position }) => position > step.position);
    for (const { id } of later) numbers.push(await holds.add(id, ["running", ...ENDS]));
    numbers.push(
      await holds.add(
        deploymentId,
        DEPLOYMENT_STATES.filter((state) => ENDS.includes(state)),
      ),
    );
  } else {
    numbers.push(await holds.add(step.id, ENDS));
  }
  return {
    /** At what the worker is stopped; null while it is not. */
    stand: (stopped: ReadonlySet<number>): Stand | null => {
      if (caught) return "request";
      return numbers.some((number) => stopped.has(number)) ? "record" : null;
    },
    letGo: () => {
      letGo();
      proxy.rule(null);
    },
  };
}
