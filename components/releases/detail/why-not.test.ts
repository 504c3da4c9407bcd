import { expect, test } from "vitest";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { nextDeployment, whyNot } from "./why-not.ts";

const stage = (environment: string, state: string, more: Partial<StageDto> = {}): StageDto => ({
  environment,
  environmentName: environment,
  environmentKind: environment === "FAT" ? "open" : "controlled",
  rank: 1,
  state,
  version: 1,
  enteredBy: null,
  enteredAt: null,
  testingAt: null,
  verdictBy: null,
  verdictAt: null,
  verdictComment: null,
  approvalsRequired: 0,
  runningRelease: null,
  reservation: null,
  queueLength: 0,
  queuePosition: null,
  enterQueues: false,
  deployment: null,
  actions: [],
  ...more,
});
const release = (stages: StageDto[], more: Partial<ReleaseDto> = {}): ReleaseDto => ({
  number: "20261120-quotes-003",
  project: "quotes",
  projectName: "行情服务",
  title: "t",
  state: "built",
  shown: "built",
  createdBy: { username: "dev", displayName: "陈晓" },
  createdAt: "2026-11-20T02:00:00Z",
  endedAt: null,
  items: [],
  description: "",
  version: 1,
  origin: null,
  stages,
  actions: [],
  next: [],
  deployments: [],
  ...more,
});
const holder = { username: "tester", displayName: "林静" };
const held = (number: string) => ({ release: number, heldBy: holder, since: "", until: null });

const fine = { refused: 0, toGo: 0, failed: 0 };

test("the environment to deploy to next follows the one under test, and is none at the end of the way", () => {
  const next = (...states: string[]) =>
    nextDeployment(
      release(states.map((state, index) => stage(["FAT", "STAGING", "PROD"][index] ?? "", state))),
    )?.environment;
  expect(next("waiting", "waiting", "waiting")).toBe("FAT");
  expect(next("testing", "waiting", "waiting")).toBe("STAGING");
  expect(next("passed", "failed", "waiting")).toBe("STAGING");
  expect(next("passed", "passed", "testing")).toBeUndefined();
  expect(next("passed", "rejected", "waiting")).toBeUndefined();
});

test("every reason is told at once", () => {
  const prod = stage("PROD", "waiting", { reservation: held("20261120-quotes-004") });
  const order = release([stage("FAT", "passed"), stage("STAGING", "testing"), prod], {
    next: [{ code: "APPROVE", facts: { environment: "PROD", missing: 1 }, who: ["ops"], now: false }],
  });
  const freezes = [{ environment: "PROD", until: "2026-11-20T10:00:00Z", reason: "交易时段" }];
  const reasons = whyNot(order, prod, freezes, fine);
  expect(reasons.map(({ code }) => code)).toEqual(["previous", "held", "frozen", "approval"]);
  expect(reasons[1]?.liftedBy[0]).toBe("林静");
});

test("nothing stands in the way of an order that holds the environment itself", () => {
  const fat = stage("FAT", "entered", { reservation: held("20261120-quotes-003") });
  expect(whyNot(release([fat]), fat, [], fine)).toEqual([]);
});

test("images that a policy refuses wait for a waiver, those on their way for nobody, those that failed for a person", () => {
  const prod = stage("PROD", "entered");
  const why = (images: typeof fine) =>
    whyNot(release([prod]), prod, [], images).map(({ code, liftedBy }) => [code, liftedBy.length > 0]);
  expect(why({ ...fine, refused: 2 })).toEqual([["images", true]]);
  expect(why({ ...fine, toGo: 1 })).toEqual([["copies", false]]);
  expect(why({ ...fine, toGo: 1, failed: 1 })).toEqual([["copies", true]]);
});
