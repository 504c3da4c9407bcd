import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "./access/roles.ts";
import { BUILD_ACTIONS, BUILD_STATES, BUILD_TRANSITIONS, buildActions } from "./builds/state.ts";
import {
  DEPLOYMENT_ACTIONS,
  DEPLOYMENT_STATES,
  DEPLOYMENT_TRANSITIONS,
  deploymentActions,
} from "./deployments/state.ts";
import { RELEASE_ACTIONS, RELEASE_STATES, RELEASE_TRANSITIONS, releaseActions } from "./releases/state.ts";
import { STAGE_ACTIONS, STAGE_STATES, STAGE_TRANSITIONS, stageActions } from "./stages/state.ts";
import { isTerminal, reachable, type Transitions } from "./state-machine.ts";
import { WAIVER_STATES, WAIVER_TRANSITIONS } from "./waivers/state.ts";

const MACHINES: [string, readonly string[], Transitions<string>, string, string[]][] = [
  ["release", RELEASE_STATES, RELEASE_TRANSITIONS, "draft", ["released", "abandoned"]],
  ["waiver", WAIVER_STATES, WAIVER_TRANSITIONS, "asked", ["declined", "revoked", "ended"]],
  ["build", BUILD_STATES, BUILD_TRANSITIONS, "queued", ["succeeded", "failed", "aborted"]],
  ["stage", STAGE_STATES, STAGE_TRANSITIONS, "waiting", ["rejected", "rolled_back", "superseded"]],
  [
    "deployment",
    DEPLOYMENT_STATES,
    DEPLOYMENT_TRANSITIONS,
    "planned",
    ["succeeded", "rolled_back", "cancelled"],
  ],
];

describe.each(MACHINES)("%s", (_, states, transitions, start, ends) => {
  it("reaches every state from its first one", () => {
    expect(reachable(transitions, start)).toEqual(new Set(states));
  });
  it("ends where the design says", () => {
    expect(states.filter((state) => isTerminal(transitions, state)).toSorted()).toEqual(ends.toSorted());
  });
  it("leads from every state to an end", () => {
    for (const state of states) {
      const beyond = [...reachable(transitions, state)];
      expect(
        beyond.some((next) => isTerminal(transitions, next)),
        state,
      ).toBe(true);
    }
  });
});

// Arrows that domain.md draws.
const DRAWN: [string, Transitions<string>, string, string][] = [
  ["release", RELEASE_TRANSITIONS, "draft building", "building built"],
  ["release", RELEASE_TRANSITIONS, "building build_failed", "build_failed building"],
  ["release", RELEASE_TRANSITIONS, "built released", "built abandoned"],
  ["stage", STAGE_TRANSITIONS, "waiting entered", "entered deploying"],
  ["stage", STAGE_TRANSITIONS, "deploying testing", "testing passed"],
  ["stage", STAGE_TRANSITIONS, "deploying failed", "failed deploying"],
  ["stage", STAGE_TRANSITIONS, "testing rejected", "testing rolled_back"],
  ["stage", STAGE_TRANSITIONS, "passed rolled_back", "entered superseded"],
  ["build", BUILD_TRANSITIONS, "queued running", "running unknown"],
  ["deployment", DEPLOYMENT_TRANSITIONS, "queued applying", "applying rolling_out"],
  ["deployment", DEPLOYMENT_TRANSITIONS, "rolling_out verifying", "verifying succeeded"],
  ["deployment", DEPLOYMENT_TRANSITIONS, "failed rolling_back", "rolling_back rolled_back"],
  ["deployment", DEPLOYMENT_TRANSITIONS, "applying unknown", "applying cancelled"],
];
it.each(DRAWN)("%s has the arrows of the design", (_, transitions, ...arrows) => {
  for (const arrow of arrows) {
    const [from = "", to = ""] = arrow.split(" ");
    expect(transitions[from], arrow).toContain(to);
  }
});

describe("actions: every (state, action, permission)", () => {
  const all = () => true;
  const none = () => false;
  it.each(RELEASE_STATES)("release %s", (state) => {
    expect(releaseActions(state, none)).toEqual([]);
    for (const [action, rule] of Object.entries(RELEASE_ACTIONS)) {
      const listed = (rule.from as readonly string[]).includes(state);
      expect(releaseActions(state, all).includes(action as never)).toBe(listed);
      for (const permission of PERMISSIONS) {
        const held = releaseActions(state, (asked) => asked === permission).includes(action as never);
        expect(held).toBe(listed && permission === rule.permission);
      }
    }
  });
  it.each(BUILD_STATES)("build %s", (state) => {
    for (const [action, rule] of Object.entries(BUILD_ACTIONS)) {
      for (const permission of PERMISSIONS) {
        const held = buildActions(state, (asked) => asked === permission).includes(action as never);
        expect(held).toBe((rule.from as readonly string[]).includes(state) && permission === rule.permission);
      }
    }
  });
  it.each(STAGE_STATES)("stage %s", (state) => {
    for (const [action, rule] of Object.entries(STAGE_ACTIONS)) {
      for (const permission of PERMISSIONS) {
        const held = stageActions(state, (asked) => asked === permission).includes(action as never);
        expect(held).toBe((rule.from as readonly string[]).includes(state) && permission === rule.permission);
      }
    }
  });
  it.each(DEPLOYMENT_STATES)("deployment %s", (state) => {
    expect(deploymentActions(state, false)).toEqual([]);
    for (const [action, rule] of Object.entries(DEPLOYMENT_ACTIONS)) {
      expect(deploymentActions(state, true).includes(action as never)).toBe(
        (rule.from as readonly string[]).includes(state),
      );
    }
  });
});
