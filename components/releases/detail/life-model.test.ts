import { expect, test } from "vitest";
import type { ReleaseLifeDto } from "#lib/statistics/schema.ts";
import { mainSteps, summarizeLife } from "./life-model.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 1, minute)).toISOString();
type Step = ReleaseLifeDto["steps"][number];
const step = (kind: Step["kind"], mode: Step["mode"], on: Step["on"], from: number, until: number): Step => ({
  kind,
  environment: null,
  mode,
  on,
  from: at(from),
  until: at(until),
});
const life: ReleaseLifeDto = {
  now: at(20),
  open: true,
  steps: [
    step("draft", "waiting", "developer", 0, 3),
    step("building", "working", "build_server", 3, 5),
    step("build_repair", "waiting", "developer", 5, 9),
    step("building", "working", "build_server", 9, 10),
    step("flow", "waiting", "tester", 10, 20),
  ],
};

test("waits are summed by whom they are for; the last step goes on", () => {
  const { steps, seconds, waitingShare, longest } = summarizeLife(life, new Date(at(30)));
  expect(seconds).toBe(30 * 60);
  expect(waitingShare).toBeCloseTo(27 / 30);
  expect(longest).toEqual({ on: "tester", seconds: 20 * 60 });
  expect(steps.map(({ current }) => current)).toEqual([false, false, false, false, true]);
  // Three and four minutes of waiting for the developer are one wait of seven.
  expect(
    summarizeLife({ ...life, steps: life.steps.slice(0, 4), open: false }, new Date(at(30))).longest,
  ).toEqual({
    on: "developer",
    seconds: 7 * 60,
  });
});

test("a clock behind the answer's takes nothing away; nothing is nothing", () => {
  expect(summarizeLife(life, new Date(at(1))).seconds).toBe(20 * 60);
  expect(summarizeLife({ now: at(0), open: true, steps: [] }, new Date(at(1)))).toEqual({
    steps: [],
    seconds: 0,
    waitingShare: 0,
    longest: null,
  });
});

test("the longest are shown in the order of the life, the current one always", () => {
  const { steps } = summarizeLife(
    { ...life, steps: [...life.steps, step("plan", "waiting", "deployer", 20, 20)] },
    new Date(at(20)),
  );
  expect(mainSteps(steps, 3).map(({ kind }) => kind)).toEqual(["build_repair", "flow", "plan"]);
});
