import { BuildFailure, BuildStopped } from "../build/failure.ts";
import type { Phase } from "../build/run.ts";
import type { BuildLog } from "../log.ts";
import type { Build, BuildResult, Stage } from "../model.ts";
import { LeftBehind } from "./durable.ts";

/** The plugin numbers every step of a build; a stage is one of them. */
const FIRST_STAGE_ID = 6;
const IDS_PER_STAGE = 5;

type Failure = { status: "FAILED" | "ABORTED"; result: BuildResult; error: NonNullable<Stage["error"]> };

/** What ended the stages before their time, in the plugin's words. @throws `LeftBehind`, the server's own bugs. */
function failureOf(error: unknown): Failure {
  if (error instanceof BuildStopped) {
    const type = "org.jenkinsci.plugins.workflow.steps.FlowInterruptedException";
    return { status: "ABORTED", result: "ABORTED", error: { message: null, type } };
  }
  if (!(error instanceof BuildFailure)) throw error;
  return {
    status: "FAILED",
    result: "FAILURE",
    error: { message: error.message, type: "hudson.AbortException" },
  };
}

/**
 * Runs what is left of a Pipeline's stages on its node, and says so in the log as the plugin does. A stage that a
 * restart interrupted runs again; its command does not, where it lived on.
 * @param kept called after each change of `build.pipeline`
 * @throws {LeftBehind} when the server goes down meanwhile
 */
export async function runStages(
  build: Build,
  phases: readonly Phase[],
  log: BuildLog,
  kept: () => void,
): Promise<{ result: BuildResult; reason: string | null }> {
  const stages = build.pipeline?.stages ?? [];
  let failure: Failure | null = null;
  for (const [index, phase] of phases.entries()) {
    const before = stages[index];
    if (before && before.status !== "IN_PROGRESS") continue;
    const stage: Stage = before ?? {
      id: FIRST_STAGE_ID + IDS_PER_STAGE * index,
      name: phase.name,
      status: "IN_PROGRESS",
      error: null,
      startedAt: Date.now(),
      duration: null,
    };
    if (!before) {
      stages.push(stage);
      log.pipeline("stage");
      log.pipeline(`{ (${phase.name})`);
      kept();
    }
    failure = await runStage(stage, phase, { earlier: failure, again: before !== undefined }, log);
    stage.duration = Math.max(1, Date.now() - stage.startedAt);
    log.pipeline("}");
    log.pipeline("// stage");
    kept();
  }
  return { result: failure?.result ?? "SUCCESS", reason: failure?.error.message ?? null };
}

async function runStage(
  stage: Stage,
  phase: Phase,
  { earlier, again }: { earlier: Failure | null; again: boolean },
  log: BuildLog,
): Promise<Failure | null> {
  if (earlier) {
    log.line(`Stage "${phase.name}" skipped due to earlier failure(s)`);
    stage.status = earlier.status;
    stage.error = earlier.error;
    return earlier;
  }
  try {
    await phase.run(again);
    stage.status = "SUCCESS";
    return null;
  } catch (error) {
    if (error instanceof LeftBehind) throw error;
    const failure = failureOf(error);
    stage.status = failure.status;
    stage.error = failure.error;
    return failure;
  }
}
