import { expect, test } from "vitest";
import { STRATEGY_KINDS, type Strategy } from "#lib/strategies/schema.ts";
import { commandOf, faultsOf, freshCheck } from "./checks-model.ts";
import { asksForChecks, faultOf, freshStrategy, freshWait, nextStep } from "./strategy-model.ts";

const wait = { kind: "none" } as const;
const canary = (...percents: number[]): Strategy => ({
  kind: "canary",
  steps: percents.map((percent) => ({ percent, wait })),
});

test("every kind begins as something that can be saved", () => {
  for (const kind of STRATEGY_KINDS) expect(faultOf(freshStrategy(kind))).toBeNull();
});

const rows: [Strategy, string | null][] = [
  [canary(10, 50), null],
  [canary(50, 10), "percent"],
  [canary(10, 10), "percent"],
  [canary(0), "percent"],
  [canary(51), "percent"],
  [canary(), "steps"],
  [canary(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "steps"],
  [{ kind: "blue_green", wait: { kind: "seconds", seconds: 0 } }, "seconds"],
  [{ kind: "canary", steps: [{ percent: 10, wait: { kind: "seconds", seconds: 100_000 } }] }, "seconds"],
];
test.each(rows)("%j: %s", (strategy, fault) => {
  expect(faultOf(strategy)).toBe(fault);
});

test("a further step is larger, at most half", () => {
  expect(nextStep([]).percent).toBe(10);
  expect(nextStep([{ percent: 20, wait }]).percent).toBe(40);
  expect(nextStep([{ percent: 30, wait }]).percent).toBe(50);
});

test("who asks for checks", () => {
  expect(asksForChecks({ kind: "blue_green", wait: freshWait("checks") })).toBe(true);
  expect(asksForChecks({ kind: "canary", steps: [{ percent: 1, wait: freshWait("checks") }] })).toBe(true);
  expect(asksForChecks(freshStrategy("canary"))).toBe(false);
  expect(asksForChecks({ kind: "rolling" })).toBe(false);
});

test("what is wrong with a check, the first thing of each", () => {
  const http = {
    kind: "http" as const,
    name: "answers",
    path: "/healthz",
    expectStatus: 200,
    timeoutSeconds: 30,
  };
  expect(freshCheck("http", "answers")).toEqual(http);
  expect(faultsOf([http])).toEqual([null]);
  expect(faultsOf([freshCheck("http"), freshCheck("job", "a"), freshCheck("prometheus", "b")])).toEqual([
    "name",
    "command",
    "query",
  ]);
  expect(faultsOf([http, { ...http, name: "answers " }])).toEqual([null, "twice"]);
  expect(faultsOf([{ ...http, path: "healthz" }])).toEqual(["path"]);
  expect(commandOf("node\n\n  \nrun.mjs --all\n")).toEqual(["node", "run.mjs --all"]);
});
