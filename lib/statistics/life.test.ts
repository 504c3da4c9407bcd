import { expect, test } from "vitest";
import { cutLife, type ReleaseLife, STEP_KINDS, STEPS } from "./life.ts";

/** Minute of the example's day. */
const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 1, minute));
const build = (
  state: string,
  created: number,
  started: number | null,
  ended: number | null,
  item = "web",
) => ({
  item,
  state,
  createdAt: at(created),
  startedAt: started === null ? null : at(started),
  endedAt: ended === null ? null : at(ended),
});
const stage = (
  environment: string,
  entered: number | null,
  rest: Partial<ReleaseLife["stages"][number]> = {},
): ReleaseLife["stages"][number] => ({
  environment,
  approvalsRequired: 0,
  enteredAt: entered === null ? null : at(entered),
  verdict: null,
  leftAt: null,
  ...rest,
});
const passed = (minute: number) => ({ verdict: { passed: true, at: at(minute) } });
const run = (
  state: string,
  created: number,
  started: number | null,
  ended: number | null,
  rest: Partial<ReleaseLife["deployments"][number]> = {},
): ReleaseLife["deployments"][number] => ({
  environment: "FAT",
  rollback: false,
  state,
  createdAt: at(created),
  scheduledAt: null,
  endedAt: ended === null ? null : at(ended),
  attempts: started === null ? [] : [{ from: at(started), until: ended === null ? null : at(ended) }],
  ...rest,
});
const span = (from: number, until: number | null) => ({
  from: at(from),
  until: until === null ? null : at(until),
});
const plan = (created: number, approvals: [number, boolean, number?][] = [], environment = "FAT") => ({
  environment,
  createdAt: at(created),
  approvals: approvals.map(([minute, approved, voided]) => ({
    at: at(minute),
    approved,
    voidedAt: voided === undefined ? null : at(voided),
  })),
});
const empty: ReleaseLife = {
  createdAt: at(0),
  endedAt: null,
  items: 1,
  builds: [],
  stages: [stage("FAT", null)],
  queued: [],
  freezes: [],
  plans: [],
  deployments: [],
};
const built = { builds: [build("succeeded", 0, 1, 5)] };
const start = "build_queue 0-1, building 1-5";
const NOW = 60;

const cases: [name: string, life: Partial<ReleaseLife>, steps: string][] = [
  ["nobody built it yet", {}, "draft 0-60"],
  ["abandoned as a draft", { endedAt: at(9) }, "draft 0-9"],
  ["ended at once", { endedAt: at(0) }, ""],
  [
    "well from end to end, over two environments",
    {
      builds: [build("succeeded", 2, 3, 8)],
      stages: [stage("FAT", 10, passed(30)), stage("PROD", 34, passed(59))],
      plans: [plan(11), plan(36, [], "PROD")],
      deployments: [run("succeeded", 12, 13, 15), run("succeeded", 38, 38, 44, { environment: "PROD" })],
      endedAt: at(59),
    },
    "draft 0-2, build_queue 2-3, building 3-8, flow FAT 8-10, plan FAT 10-11, deploy FAT 11-12, deploy_queue FAT 12-13, deploying FAT 13-15, testing FAT 15-30, flow PROD 30-34, plan PROD 34-36, deploy PROD 36-38, deploying PROD 38-44, testing PROD 44-59",
  ],
  [
    "built once every component is",
    { items: 2, builds: [build("succeeded", 0, 1, 5), build("succeeded", 0, 7, 9, "api")] },
    "build_queue 0-1, building 1-5, build_queue 5-7, building 7-9, flow FAT 9-60",
  ],
  [
    "rebuilt after a failure",
    { builds: [build("failed", 0, 1, 5), build("succeeded", 12, 13, 20)] },
    "build_queue 0-1, building 1-5, build_repair 5-12, build_queue 12-13, building 13-20, flow FAT 20-60",
  ],
  [
    "aborted while it waited for the build server",
    { builds: [build("aborted", 0, null, 4)] },
    "build_queue 0-4, build_repair 4-60",
  ],
  [
    "another release order has the environment",
    {
      ...built,
      queued: [{ environment: "FAT", from: at(7), until: at(20) }],
      stages: [stage("FAT", 22)],
    },
    `${start}, flow FAT 5-7, environment_queue FAT 7-20, flow FAT 20-22, plan FAT 22-60`,
  ],
  [
    "waits for the second approval, one is voided meanwhile",
    {
      ...built,
      stages: [stage("FAT", 6, { approvalsRequired: 2 })],
      plans: [
        plan(8, [
          [10, true, 14],
          [12, true],
          [20, true],
        ]),
      ],
      deployments: [run("queued", 24, null, null)],
    },
    `${start}, flow FAT 5-6, plan FAT 6-8, approval FAT 8-12, deploy FAT 12-14, approval FAT 14-20, deploy FAT 20-24, deploy_queue FAT 24-60`,
  ],
  [
    "a rejected plan is planned again",
    {
      ...built,
      stages: [stage("FAT", 6, { approvalsRequired: 1 })],
      plans: [plan(8, [[10, false]]), plan(15, [[18, true]])],
    },
    `${start}, flow FAT 5-6, plan FAT 6-8, approval FAT 8-10, plan FAT 10-15, approval FAT 15-18, deploy FAT 18-60`,
  ],
  [
    "a freeze holds up who deploys, not who approves",
    {
      ...built,
      stages: [stage("FAT", 6, { approvalsRequired: 1 })],
      plans: [plan(8, [[20, true]])],
      freezes: [
        { environment: "FAT", from: at(10), until: at(40) },
        { environment: "PROD", from: at(0), until: at(60) },
      ],
      deployments: [run("applying", 42, 43, null)],
    },
    `${start}, flow FAT 5-6, plan FAT 6-8, approval FAT 8-20, freeze FAT 20-40, deploy FAT 40-42, deploy_queue FAT 42-43, deploying FAT 43-60`,
  ],
  [
    "scheduled for later",
    {
      ...built,
      stages: [stage("FAT", 5)],
      plans: [plan(5)],
      deployments: [run("succeeded", 6, 31, 33, { scheduledAt: at(30) })],
    },
    `${start}, deploy FAT 5-6, schedule FAT 6-30, deploy_queue FAT 30-31, deploying FAT 31-33, testing FAT 33-60`,
  ],
  [
    "failed, and deployed by a new plan",
    {
      ...built,
      stages: [stage("FAT", 5)],
      plans: [plan(5), plan(20)],
      deployments: [run("failed", 6, 6, 10), run("succeeded", 21, 21, 23)],
    },
    `${start}, deploy FAT 5-6, deploying FAT 6-10, deploy_repair FAT 10-20, deploy FAT 20-21, deploying FAT 21-23, testing FAT 23-60`,
  ],
  [
    "tried again: one deployment",
    {
      ...built,
      stages: [stage("FAT", 5)],
      plans: [plan(5)],
      deployments: [run("succeeded", 6, 7, 22, { attempts: [span(7, 10), span(18, 19), span(20, 22)] })],
    },
    `${start}, deploy FAT 5-6, deploy_queue FAT 6-7, deploying FAT 7-10, deploy_repair FAT 10-18, deploying FAT 18-19, deploy_repair FAT 19-20, deploying FAT 20-22, testing FAT 22-60`,
  ],
  [
    "cancelled before it touched anything",
    {
      ...built,
      stages: [stage("FAT", 5)],
      plans: [plan(5)],
      deployments: [run("cancelled", 6, null, 9)],
    },
    `${start}, deploy FAT 5-6, deploy_queue FAT 6-9, deploy FAT 9-60`,
  ],
  [
    "rejected by the tester, then abandoned",
    {
      ...built,
      stages: [stage("FAT", 5, { verdict: { passed: false, at: at(30) } }), stage("PROD", null)],
      plans: [plan(5)],
      deployments: [run("succeeded", 6, 6, 10)],
      endedAt: at(50),
    },
    `${start}, deploy FAT 5-6, deploying FAT 6-10, testing FAT 10-30, withdrawn FAT 30-50`,
  ],
  [
    "rolled back after a failed deployment",
    {
      ...built,
      stages: [stage("FAT", 5, { leftAt: at(18) })],
      plans: [plan(5)],
      deployments: [run("rolled_back", 6, 6, 10), run("succeeded", 12, 12, 18, { rollback: true })],
    },
    `${start}, deploy FAT 5-6, deploying FAT 6-10, deploy_repair FAT 10-12, rolling_back FAT 12-18, withdrawn FAT 18-60`,
  ],
  [
    "superseded by a newer release order while it was tested",
    {
      ...built,
      stages: [stage("FAT", 5, { leftAt: at(25) })],
      plans: [plan(5)],
      deployments: [run("succeeded", 6, 6, 10)],
    },
    `${start}, deploy FAT 5-6, deploying FAT 6-10, testing FAT 10-25, withdrawn FAT 25-60`,
  ],
  [
    "superseded where it has passed already: it goes on elsewhere",
    {
      ...built,
      stages: [stage("FAT", 5, { ...passed(12), leftAt: at(40) }), stage("PROD", 20)],
      plans: [plan(5)],
      deployments: [run("succeeded", 6, 6, 10)],
    },
    `${start}, deploy FAT 5-6, deploying FAT 6-10, testing FAT 10-12, flow PROD 12-20, plan PROD 20-60`,
  ],
];

test.each(cases)("%s", (_, life, expected) => {
  const whole = { ...empty, ...life };
  const steps = cutLife(whole, at(NOW));
  const minute = (time: Date) => (Number(time) - Number(at(0))) / 60_000;
  const text = steps.map(({ kind, environment, from, until }) =>
    [kind, environment, `${minute(from)}-${minute(until)}`].filter((part) => part !== null).join(" "),
  );
  expect(text.join(", ")).toBe(expected);
  // Without gap or overlap, and nothing left out.
  for (const [index, step] of steps.entries()) {
    expect(step.from).toEqual(steps[index - 1]?.until ?? whole.createdAt);
    expect(Number(step.until)).toBeGreaterThan(Number(step.from));
  }
  if (steps.length > 0) expect(steps.at(-1)?.until).toEqual(whole.endedAt ?? at(NOW));
});

test("what a machine or a tester does is work, all else is waiting", () => {
  expect(STEP_KINDS.filter((kind) => STEPS[kind].mode === "working")).toEqual([
    "building",
    "deploying",
    "testing",
    "rolling_back",
  ]);
});
