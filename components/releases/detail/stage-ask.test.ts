import { describe, expect, test } from "vitest";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { effectsOf, movedSince } from "./stage-ask.ts";

const person = (displayName: string) => ({ username: displayName, displayName });
const stage = (more: Partial<StageDto> = {}): StageDto => ({
  environment: "STAGING",
  environmentName: "预发",
  environmentKind: "controlled",
  rank: 2,
  state: "waiting",
  version: 3,
  enteredBy: null,
  enteredAt: null,
  testingAt: null,
  verdictBy: null,
  verdictAt: null,
  verdictComment: null,
  approvalsRequired: 1,
  runningRelease: null,
  reservation: null,
  queueLength: 0,
  queuePosition: null,
  enterQueues: false,
  deployment: null,
  actions: [],
  ...more,
});
const release: ReleaseDto = {
  number: "R-2",
  project: "quotes",
  projectName: "行情服务",
  title: "t",
  state: "built",
  shown: "built",
  createdBy: person("陈晓"),
  createdAt: "2026-11-20T02:00:00Z",
  endedAt: null,
  items: [],
  description: "",
  version: 1,
  stages: [],
  deployments: [],
  actions: [],
  next: [],
  origin: null,
};
const held = (number: string) => ({ release: number, heldBy: person("王芳"), since: "", until: null });

describe("what an answer does", () => {
  const codes = (...args: Parameters<typeof effectsOf>) => effectsOf(...args).map(({ code }) => code);
  test.each<[string, Parameters<typeof effectsOf>[0], Partial<StageDto>, string[]]>([
    ["a free environment is held", "enter", {}, ["holds", "deploysNothingYet"]],
    ["nobody has to approve", "enter", { approvalsRequired: 0 }, ["holds", "deploysNothingYetFree"]],
    [
      "the first in the queue goes in, the others wait",
      "enter",
      { queuePosition: 1, queueLength: 3 },
      ["holds", "othersWait", "deploysNothingYet"],
    ],
    [
      "a held one is queued for",
      "enter",
      { enterQueues: true, reservation: held("R-1"), queueLength: 1 },
      ["heldBy", "joins"],
    ],
    ["others came first", "enter", { enterQueues: true, queueLength: 2 }, ["othersFirst", "joins"]],
    ["out of the queue", "leaveQueue", { queuePosition: 1, queueLength: 2 }, ["givesPlaceUp", "lastAgain"]],
    [
      "out of the test",
      "leave",
      { state: "testing", reservation: held("R-2"), queueLength: 2 },
      ["ends", "frees", "noReturn"],
    ],
  ])("%s", (_, kind, more, expected) => {
    expect(codes(kind, release, stage(more))).toEqual(expected);
  });

  test("places in the queue are counted from one", () => {
    const queue = { enterQueues: true, reservation: held("R-1"), queueLength: 2 };
    expect(effectsOf("enter", release, stage(queue))[1]?.facts).toMatchObject({ position: 3 });
    const [out] = effectsOf("leaveQueue", release, stage({ queuePosition: 2, queueLength: 5 }));
    expect(out?.facts).toMatchObject({ position: 2, behind: 3 });
  });
});

test("a stage that moved says what it is, who moved it and when", () => {
  expect(movedSince({ version: 3 }, stage())).toBeNull();
  const entered = stage({
    version: 4,
    state: "entered",
    enteredBy: person("王芳"),
    enteredAt: "2026-11-20T03:00:00Z",
  });
  expect(movedSince({ version: 3 }, entered)).toEqual({
    state: "entered",
    by: "王芳",
    at: "2026-11-20T03:00:00Z",
  });
  const passed = stage({
    version: 6,
    state: "passed",
    verdictBy: person("李雷"),
    verdictAt: "2026-11-20T04:00:00Z",
  });
  expect(movedSince({ version: 5 }, passed)).toMatchObject({ state: "passed", by: "李雷" });
  expect(movedSince({ version: 5 }, stage({ version: 6, state: "superseded" }))).toEqual({
    state: "superseded",
    by: null,
    at: null,
  });
});
