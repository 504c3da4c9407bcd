import type { StateName } from "#components/ui/states.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import type { LogMark } from "./log-marks.ts";

/** A part of a build. `line` (from 1) is where the log says that it begins; `durationMs` null while it runs or unknown. */
export type StageView = {
  name: string;
  state: StateName;
  startedAt: string | null;
  durationMs: number | null;
  /** What it usually takes. */
  usualMs: number | null;
  line: number | null;
};

const STATES: Record<BuildDto["stages"][number]["state"], StateName> = {
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  aborted: "aborted",
  skipped: "skipped",
  paused: "waiting",
};

/** As the build server tells them; for a job without, as the marks of its log do: the last is where the build is. */
export function stagesOf(build: Pick<BuildDto, "stages" | "state">, marks: readonly LogMark[]): StageView[] {
  const begun = marks.filter(({ kind }) => kind === "stage");
  if (build.stages.length > 0) {
    let from = 0;
    return build.stages.map((stage) => {
      const at = begun.findIndex(({ text }, index) => index >= from && text === stage.name);
      if (at >= 0) from = at + 1;
      return { ...stage, state: STATES[stage.state], line: begun[at]?.line ?? null };
    });
  }
  const names = begun.filter(({ text }, index) => text !== begun[index - 1]?.text);
  return names.map(({ text, line }, index) => {
    const state = index < names.length - 1 ? "succeeded" : build.state === "queued" ? "running" : build.state;
    return { name: text, state, startedAt: null, durationMs: null, usualMs: null, line };
  });
}

/** The stage that a line of the log is in. */
export function stageAt(stages: readonly StageView[], line: number): StageView | undefined {
  return stages.findLast((stage) => stage.line !== null && stage.line <= line);
}
