import type { Progress } from "../content.ts";
import { runChecks } from "../verification/checks.ts";
import { UNWELL_MS } from "../waves.ts";
import { lookAtCanaries } from "./canary.ts";
import { lookAtWorkloads } from "./look.ts";
import type { Outcome, StepInput } from "./outcome.ts";
import { previewed } from "./preview.ts";
import { causeOf } from "./roll-out.ts";

const LOOK_AGAIN = 2;

/**
 * Waits for a person, a time or smoke checks, and watches meanwhile what is tried: one that fails, or is unwell for too
 * long, ends it, and nothing goes on while it is unwell.
 */
export async function wait(input: StepInput): Promise<Outcome> {
  const { step } = input;
  const progress = await (isCanaried(input) ? lookAtCanaries(input) : lookAtWorkloads(input));
  const unwell = progress.find(({ state }) => state !== "healthy");
  if (unwell) return judgeUnwell(unwell, progress, input);
  const { unwellSince: _over, ...detail } = step.detail ?? {};
  const asked = step.input.wait ?? { kind: "none" as const };
  if (asked.kind === "checks") return judgeChecks(progress, input);
  if (asked.kind === "person" && step.continuedAt === null) return { wait: LOOK_AGAIN, detail, progress };
  if (asked.kind === "seconds") {
    const left = (step.startedAt?.getTime() ?? Date.now()) + asked.seconds * 1000 - Date.now();
    if (left > 0) return { wait: Math.min(LOOK_AGAIN, Math.ceil(left / 1000)), detail, progress };
  }
  return { done: true, progress };
}

/** Canaries stand until they are promoted; a wait after that is for the colour that is not yet in use. */
const isCanaried = ({ plan, target, step }: StepInput): boolean =>
  plan.canaries.length > 0 &&
  target.steps.some(({ name, position }) => name === "promote" && position > step.position);

async function judgeUnwell(unwell: Progress[number], progress: Progress, input: StepInput): Promise<Outcome> {
  const unwellSince = input.step.detail?.unwellSince ?? new Date().toISOString();
  const detail = { ...input.step.detail, unwellSince };
  const late = Date.now() - Date.parse(unwellSince) > UNWELL_MS;
  if (unwell.state === "failed" || late) return { failed: await causeOf(unwell, input), detail, progress };
  return { wait: LOOK_AGAIN, detail, progress };
}

async function judgeChecks(progress: Progress, input: StepInput): Promise<Outcome> {
  const { plan } = input;
  const tried = isCanaried(input) ? plan.canaries : plan.objects.filter(({ phase }) => phase === "switch");
  const checked = await runChecks(previewed(input), [...new Set(tried.map(({ component }) => component))]);
  const detail = { checks: checked.results };
  if (checked.failed) return { failed: checked.failed, detail, progress };
  return checked.passed ? { done: true, detail, progress } : { wait: LOOK_AGAIN, detail, progress };
}
