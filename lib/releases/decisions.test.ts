import { expect, test } from "vitest";
import { enterBlockers, mustQueue, replaces } from "#lib/stages/rules.ts";
import { type NextFacts, nextSteps } from "./next.ts";
import { releaseNumber } from "./number.ts";
import { refSchema, releaseItemsSchema } from "./schema.ts";
import { outcomeOf } from "./settle.ts";

test("a release is decided when its last build has ended", () => {
  const item = (artifact: boolean, build: string | null) => ({ artifact, build });
  expect(outcomeOf([item(true, "succeeded"), item(false, "running")])).toBe("building");
  expect(outcomeOf([item(true, "succeeded"), item(false, "queued")])).toBe("building");
  expect(outcomeOf([item(true, "succeeded"), item(true, "succeeded")])).toBe("built");
  for (const ended of ["failed", "aborted", "unknown", null]) {
    expect(outcomeOf([item(true, "succeeded"), item(false, ended)])).toBe("build_failed");
  }
});

test("everything that keeps a release out is said at once", () => {
  const facts = {
    release: "r",
    releaseState: "building",
    stageState: "passed" as const,
    environment: "STAGING",
    previous: { environment: "FAT", state: "testing" as const },
  };
  expect(enterBlockers(facts).map(({ code }) => code)).toEqual([
    "WRONG_STATE",
    "RELEASE_NOT_BUILT",
    "PREVIOUS_NOT_PASSED",
  ]);
  expect(enterBlockers({ ...facts, releaseState: "built", stageState: "waiting", previous: null })).toEqual(
    [],
  );
});

test("who waits longer goes first, and who holds goes on", () => {
  const queue = [{ releaseId: "a" }, { releaseId: "b" }];
  expect(mustQueue("a", { holderReleaseId: null, queue: [] })).toBe(false);
  expect(mustQueue("a", { holderReleaseId: null, queue })).toBe(false);
  expect(mustQueue("b", { holderReleaseId: null, queue })).toBe(true);
  expect(mustQueue("c", { holderReleaseId: null, queue })).toBe(true);
  expect(mustQueue("c", { holderReleaseId: "c", queue })).toBe(false);
  expect(mustQueue("a", { holderReleaseId: "c", queue: [] })).toBe(true);
});

test("a pass replaces what it covers entirely", () => {
  expect(replaces(["api", "web"], ["api"])).toBe(true);
  expect(replaces(["api"], ["api", "web"])).toBe(false);
});

const stage = (
  state: string,
  more: Partial<NextFacts["stages"][number]> = {},
): NextFacts["stages"][number] => ({
  environment: "FAT",
  environmentKind: "open",
  state,
  approvalsRequired: 0,
  approvalsGiven: 0,
  queuePosition: null,
  heldByOther: null,
  ...more,
});
const codes = (facts: NextFacts) => nextSteps(facts).map(({ code }) => code);

test("what happens next, in order, and only the first is now", () => {
  const steps = nextSteps({
    state: "draft",
    stages: [
      stage("waiting"),
      stage("waiting", { environment: "PROD", environmentKind: "controlled", approvalsRequired: 2 }),
    ],
  });
  expect(steps.map(({ code, now }) => [code, now])).toEqual([
    ["START_BUILD", true],
    ["ENTER", false],
    ["DEPLOY", false],
    ["GIVE_VERDICT", false],
    ["ENTER", false],
    ["APPROVE", false],
    ["DEPLOY", false],
    ["GIVE_VERDICT", false],
  ]);
  expect(steps.at(-2)?.who).toEqual(["ops"]);
});

test("a held environment names who has it; an end is an end", () => {
  const held = { release: "r1", username: "t", displayName: "Tester" };
  expect(codes({ state: "built", stages: [stage("waiting", { heldByOther: held })] })[0]).toBe("WAIT_TURN");
  expect(codes({ state: "built", stages: [stage("passed"), stage("rejected"), stage("waiting")] })).toEqual([
    "STOPPED",
  ]);
  expect(codes({ state: "built", stages: [stage("deploying")] })).toEqual([
    "DEPLOYMENT_RUNS",
    "GIVE_VERDICT",
  ]);
  expect(
    codes({ state: "built", stages: [stage("entered", { approvalsRequired: 1, approvalsGiven: 1 })] }),
  ).toEqual(["DEPLOY", "GIVE_VERDICT"]);
  expect(codes({ state: "released", stages: [stage("passed")] })).toEqual([]);
  expect(codes({ state: "abandoned", stages: [stage("waiting")] })).toEqual([]);
});

test("numbers are image tags", () => {
  expect(releaseNumber("20261121", "quotes", 7)).toBe("20261121-quotes-007");
  expect(releaseNumber("20261121", "quotes", 1234)).toBe("20261121-quotes-1234");
});

test("refs that Git could take for an option or a range are refused", () => {
  for (const ref of ["main", "feature/OMS-12", "v1.2.3", "0a1b2c3", "发布/一"]) {
    expect(refSchema.safeParse(ref).success).toBe(true);
  }
  for (const ref of ["--upload-pack=x", "a..b", "a b", "a:b", "", "a~1", "a^"]) {
    expect(refSchema.safeParse(ref).success).toBe(false);
  }
  const twice = [
    { component: "api", ref: "main" },
    { component: "api", ref: "v1" },
  ];
  expect(releaseItemsSchema.safeParse(twice).success).toBe(false);
});
