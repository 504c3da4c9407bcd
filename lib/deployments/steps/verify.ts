import type { Progress } from "../content.ts";
import type { Run } from "../run.ts";
import { runChecks } from "../verification/checks.ts";
import { lookAtWorkloads } from "./look.ts";
import { lookAgain, type Outcome, type StepInput } from "./outcome.ts";
import { causeOf } from "./roll-out.ts";

const LOOK_AGAIN = 2;

/**
 * Watches what came up for as long as the environment asks: everything stays healthy, the pods run the planned digest,
 * and the smoke checks pass, the first time and until the end.
 */
export async function verify(input: StepInput): Promise<Outcome> {
  // The rollout has just been looked at: nothing more is known by asking again at once.
  const progress = input.seen ?? (await lookAtWorkloads(input));
  const failed = progress.find(({ state }) => state === "failed");
  if (failed) return { failed: await causeOf(failed, input), progress };
  const wrong = foreignImage(progress, input.run.plan.inputs.images);
  if (wrong) return { failed: wrong, progress };
  if (!progress.every(({ state }) => state === "healthy"))
    return { wait: lookAgain(input, LOOK_AGAIN), progress };
  const checked = await runChecks(input);
  const detail = checked.results.length > 0 ? { checks: checked.results } : undefined;
  if (checked.failed) return { failed: checked.failed, detail, progress };
  if (!checked.passed) return { wait: lookAgain(input, LOOK_AGAIN), detail, progress };
  const since = input.step.startedAt?.getTime() ?? Date.now();
  const left = since + input.run.environment.observeSeconds * 1000 - Date.now();
  if (left > 0) return { wait: Math.min(LOOK_AGAIN, Math.ceil(left / 1000)), detail, progress };
  return { done: true, detail, progress };
}

/** Whether a rollout that has come to its end is all that has to be seen: nothing is observed longer or checked. Pure. */
export const asksNothing = ({ environment, plan }: Run): boolean =>
  environment.observeSeconds === 0 && plan.inputs.strategies.every(({ checks }) => checks.length === 0);

/** A new pod that runs something else than was approved. */
function foreignImage(progress: Progress, images: readonly { component: string; digest: string }[]) {
  for (const { component, pods } of progress) {
    const planned = images.find((image) => image.component === component)?.digest;
    for (const { revision, name, digest, image } of pods) {
      if (!planned || revision !== "new" || digest === null) continue;
      if (digest === planned || image?.includes(planned)) continue;
      const facts = { component, pod: name, digest, planned };
      return { code: "IMAGE_MISMATCH", message: `pod ${name} runs ${digest}, planned is ${planned}`, facts };
    }
  }
  return null;
}
