import { describe, expect, test } from "vitest";
import type { Rights } from "#lib/access/policy.ts";
import { PROJECT_ROLES, type ProjectRole } from "#lib/access/roles.ts";
import { judgeApprovals } from "#lib/approvals/rule.ts";
import { NO_POLICY } from "#lib/image-policies/schema.ts";
import type { PlanStanding } from "#lib/plans/standing.ts";
import { reachable } from "#lib/state-machine.ts";
import { deploymentAction } from "./actions.ts";
import { refuseIfBlocked, startBlockers } from "./decision.ts";
import { cancelReport } from "./finish.ts";
import { pathTo, runningState } from "./phase.ts";
import { chooseSources } from "./rollback.ts";
import { goesOnWithout } from "./skippable.ts";
import {
  ACTIVE_DEPLOYMENTS,
  DEPLOYMENT_ACTIONS,
  DEPLOYMENT_STATES,
  DEPLOYMENT_TRANSITIONS,
  type DeploymentAction,
} from "./state.ts";

const now = new Date("2026-11-21T12:00:00Z");
const nothing = {
  kind: "deploy" as const,
  release: "R",
  environment: "E",
  sourceDeployment: null,
  sources: [],
  images: [],
  targets: [],
  templates: [],
  configs: [],
  components: [],
  strategies: [],
  choices: [],
  prune: [],
  manifests: "",
};
const standing = (kind: "open" | "controlled", change: Partial<PlanStanding> = {}): PlanStanding => ({
  now,
  built: { digest: "", inputs: nothing, manifests: { targets: [] }, checks: [], blockers: [] },
  environment: {
    id: "e",
    key: "PROD",
    name: "PROD",
    kind,
    rank: 1,
    developersMayDeploy: false,
    approvalsRequired: 0,
    fourEyes: true,
    approvalMinutes: 60,
    imagePolicy: NO_POLICY,
    registry: null,
  },
  current: true,
  changedSince: [],
  gate: {
    kind: "deploy",
    releaseId: "r",
    releaseState: "built",
    environment: { key: "PROD" },
    stage: { id: "s", version: 1, state: "failed" },
    previous: null,
    holder: null,
    freeze: null,
    undone: [],
    findings: [],
    missing: [],
  },
  newer: null,
  judged: judgeApprovals([], {
    required: 0,
    fourEyes: true,
    creatorId: "a",
    deployerId: "d",
    stale: false,
    now,
  }),
  undone: [],
  ...change,
});
const rightsOf = (role: ProjectRole): Rights => ({
  userId: "me",
  globalRoles: [],
  projectRoles: { shop: [role] },
  grants: [],
});

describe("who may start: role x kind of environment", () => {
  const cases = PROJECT_ROLES.flatMap((role) =>
    (["open", "controlled"] as const).map((kind) => ({ role, kind })),
  );
  test.each(cases)("$role in an $kind environment", ({ role, kind }) => {
    const blockers = startBlockers({
      rights: rightsOf(role),
      projectId: "shop",
      standing: standing(kind),
      planBlockers: [],
    });
    expect(blockers.map(({ code }) => code)).toEqual(role === "ops" ? [] : ["ROLE_MISSING"]);
  });

  test("a developer with a grant, until it ends, and in no controlled environment", () => {
    const granted = (minutes: number): Rights => ({
      ...rightsOf("developer"),
      grants: [
        { projectId: "shop", environmentId: "e", expiresAt: new Date(now.getTime() + minutes * 60_000) },
      ],
    });
    const codes = (rights: Rights, kind: "open" | "controlled") =>
      startBlockers({ rights, projectId: "shop", standing: standing(kind), planBlockers: [] }).map(
        ({ code }) => code,
      );
    expect(codes(granted(1), "open")).toEqual([]);
    expect(codes(granted(0), "open")).toEqual(["ROLE_MISSING"]);
    expect(codes(granted(1), "controlled")).toEqual(["ROLE_MISSING"]);
  });

  test("a refusal is complete, and its code is the gravest", () => {
    const facts = standing("controlled", {
      current: false,
      judged: judgeApprovals([], {
        required: 1,
        fourEyes: true,
        creatorId: "a",
        deployerId: "d",
        stale: true,
        now,
      }),
    });
    const planBlockers = [{ code: "CLUSTER_UNREACHABLE", message: "x", facts: {}, liftedBy: [] }];
    const blockers = startBlockers({
      rights: rightsOf("developer"),
      projectId: "shop",
      standing: facts,
      planBlockers,
    });
    expect(blockers.map(({ code }) => code)).toEqual([
      "ROLE_MISSING",
      "PLAN_STALE",
      "APPROVALS_MISSING",
      "CLUSTER_UNREACHABLE",
    ]);
    expect(() => refuseIfBlocked(blockers)).toThrow(expect.objectContaining({ code: "FORBIDDEN", blockers }));
    expect(() => refuseIfBlocked(blockers.slice(1))).toThrow(expect.objectContaining({ code: "PLAN_STALE" }));
    expect(() => refuseIfBlocked(blockers.slice(2))).toThrow(expect.objectContaining({ code: "BLOCKED" }));
  });
});

describe("actions: state x action x right", () => {
  const allowed: Record<DeploymentAction, string[]> = {
    cancel: [...DEPLOYMENT_ACTIONS.cancel.from],
    pause: [...ACTIVE_DEPLOYMENTS],
    continue: [...ACTIVE_DEPLOYMENTS],
    retry: ["failed"],
    skip: ["failed"],
    rollback: ["succeeded", "failed", "cancelled"],
  };
  const actions = ["cancel", "pause", "continue", "retry", "skip", "rollback"] as const;
  const targets = [
    { id: "a", state: "failed" as const },
    { id: "b", state: "succeeded" as const },
  ];
  const gate = { kind: "wave_gate" as const, wave: 2 };
  const cases = DEPLOYMENT_STATES.flatMap((state) =>
    actions.flatMap((action) => [true, false].map((mayDeploy) => ({ state, action, mayDeploy }))),
  );
  test.each(cases)("$action of a $state one, right $mayDeploy", ({ state, action, mayDeploy }) => {
    const { blockers } = deploymentAction(action, {
      state,
      kind: "deploy",
      mayDeploy,
      standing: standing("open"),
      targets,
      waiting: gate,
    });
    expect(blockers.map(({ code }) => code)).toEqual([
      ...(mayDeploy ? [] : ["ROLE_MISSING"]),
      ...(allowed[action].includes(state) ? [] : ["WRONG_STATE"]),
    ]);
  });

  test.each([
    ["pause", { kind: "paused" as const }, targets, "ALREADY_PAUSED"],
    ["continue", null, targets, "NOTHING_WAITS"],
    ["continue", { kind: "wave_pause" as const, wave: 2 }, targets, "NOTHING_WAITS"],
    ["continue", { kind: "step" as const, wait: "seconds" as const }, targets, "NOTHING_WAITS"],
    ["continue", { kind: "step" as const, wait: "person" as const }, targets, undefined],
    ["continue", { kind: "paused" as const }, targets, undefined],
    ["skip", null, targets.slice(0, 1), "NOTHING_TO_SKIP"],
    ["skip", null, targets.slice(1), "NOTHING_TO_SKIP"],
  ] as const)("%s while %j", (action, waiting, some, code) => {
    const state = action === "skip" ? ("failed" as const) : ("applying" as const);
    const facts = { state, kind: "deploy" as const, mayDeploy: true, standing: standing("open") };
    const { blockers } = deploymentAction(action, { ...facts, targets: some, waiting });
    expect(blockers[0]?.code).toBe(code);
  });

  test.each([
    ["nothing else failed", ["failed", "succeeded"], 0, true],
    ["the next wave is left", ["failed", "cancelled"], 0, true],
    ["another one failed, too", ["failed", "failed", "cancelled"], 0, false],
    ["which is allowed", ["failed", "failed", "cancelled"], 1, true],
    ["but then nothing is left to begin", ["failed", "failed", "succeeded"], 1, false],
  ] as const)("without what is skipped it goes on: %s", (_name, states, most, expected) => {
    const some = states.map((state, index) => ({ id: String(index), state }));
    expect(goesOnWithout(some, "0", most)).toBe(expected);
  });

  test("every state can be reached", () => {
    expect(reachable(DEPLOYMENT_TRANSITIONS, "planned").size).toBe(DEPLOYMENT_STATES.length);
  });
});

describe("a deployment's own state", () => {
  test.each([
    [["queued", "queued"], "applying"],
    [["rolling_out", "applying"], "applying"],
    [["succeeded", "queued"], "applying"],
    [["rolling_out", "verifying"], "rolling_out"],
    [["succeeded", "verifying"], "verifying"],
    [["unknown", "succeeded"], "unknown"],
  ] as const)("%j is %s", (states, expected) => {
    expect(runningState(states.map((state) => ({ state })))).toBe(expected);
  });

  test.each([
    ["applying", "verifying", ["rolling_out", "verifying"]],
    ["applying", "applying", []],
    ["verifying", "applying", []],
    ["rolling_out", "unknown", ["unknown"]],
    ["unknown", "rolling_out", ["rolling_out"]],
  ] as const)("from %s to %s", (from, to, path) => {
    expect(pathTo(from, to)).toEqual(path);
  });
});

describe("what a rollback goes back to", () => {
  const one = (id: string, components: string[]) => ({ id, release: `R-${id}`, releaseId: id, components });
  const succeeded = [
    one("4", ["api", "web"]),
    one("3", ["web"]),
    one("2", ["api"]),
    one("1", ["api", "web"]),
  ];
  const source = (component: string, id: string) => ({ component, deployment: id, release: `R-${id}` });
  test.each([
    [
      "a failed one: each component's own last",
      { id: "5", to: null, components: ["api", "job"] },
      [source("api", "4")],
      ["job"],
    ],
    [
      "what runs now: the one before",
      { id: "4", to: null, components: ["api", "web"] },
      [source("web", "3"), source("api", "2")],
      [],
    ],
    [
      "an earlier one: itself",
      { id: "1", to: null, components: ["api", "web"] },
      [source("api", "1"), source("web", "1")],
      [],
    ],
    ["a named one", { id: "5", to: "2", components: ["api", "web"] }, [source("api", "2")], []],
    ["the first one: nothing", { id: "0", to: null, components: ["api"] }, [], ["api"]],
  ])("%s", (_name, input, sources, missing) => {
    expect(chooseSources({ ...input, succeeded })).toEqual({ sources, missing });
  });

  test("a foreign id is refused", () => {
    expect(() => chooseSources({ id: "5", to: "9", components: ["api"], succeeded })).toThrow(
      /no successful deployment/,
    );
  });
});

test("a cancelled run says of each object whether it is new", () => {
  const manifest = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
  const base = { cluster: "one", namespace: "n", wave: 1, createNamespace: true, prune: [] };
  const objects = [manifest("a"), manifest("b")].map((one) => ({
    component: "api",
    manifest: one,
    phase: "apply" as const,
    takeOver: [],
  }));
  type Input = Parameters<typeof cancelReport>[0];
  const target = (state: "running" | "failed" | "waiting", applied: string[]): Input["targets"][number] => ({
    targetId: "t",
    applied,
    steps: [{ name: "apply", state }],
  });
  const manifests = { targets: [{ ...base, targetId: "t", objects, canaries: [], steps: [] }] };
  const plan = { manifests };
  const report = (targets: Input["targets"]) => cancelReport({ targets, plan }).map(({ state }) => state);
  expect(report([target("failed", ["ConfigMap a"])])).toEqual(["new", "old"]);
  // An earlier attempt put it there; this one has not come to it.
  expect(report([target("waiting", ["ConfigMap a"])])).toEqual(["new", "old"]);
  expect(report([target("running", [])])).toEqual(["unknown", "unknown"]);
  expect(cancelReport({ targets: [], plan }).map(({ state }) => state)).toEqual(["old", "old"]);
});
