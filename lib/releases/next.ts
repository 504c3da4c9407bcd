import { deployersOf } from "#lib/access/policy.ts";
import { type Role, rolesWith } from "#lib/access/roles.ts";
import type { NextStep } from "./schema.ts";
import type { ReleaseState } from "./state.ts";

export type NextFacts = {
  state: ReleaseState;
  /** In order of the path. */
  stages: readonly {
    environment: string;
    environmentKind: "open" | "controlled";
    state: string;
    approvalsRequired: number;
    /** Standing approvals of the newest plan of this release there. */
    approvalsGiven: number;
    queuePosition: number | null;
    /** Who holds the environment for another release. */
    heldByOther: { release: string; username: string; displayName: string } | null;
  }[];
};

type Todo = { code: string; facts?: NextStep["facts"]; who: readonly (Role | string)[] };
const ENDED = ["rejected", "rolled_back", "superseded"];

/** What happens to a release from here to its end, in order, and who does it; only the first step can be done now. */
export function nextSteps(facts: NextFacts): NextStep[] {
  return todos(facts).map(({ code, facts: values, who }, index) => ({
    code,
    facts: values ?? {},
    who: [...who],
    now: index === 0,
  }));
}

function todos({ state, stages }: NextFacts): Todo[] {
  if (state === "released" || state === "abandoned") return [];
  const list: Todo[] = [];
  if (state === "draft") list.push({ code: "START_BUILD", who: rolesWith("release.write") });
  if (state === "building") list.push({ code: "BUILDS_RUN", who: ["system"] });
  if (state === "build_failed") list.push({ code: "BUILD_AGAIN", who: rolesWith("release.write") });
  for (const stage of stages) {
    if (ENDED.includes(stage.state)) {
      return [
        ...list,
        { code: "STOPPED", facts: { environment: stage.environment, state: stage.state }, who: [] },
      ];
    }
    list.push(...stageTodos(stage));
  }
  return list;
}

function stageTodos(stage: NextFacts["stages"][number]): Todo[] {
  const { environment, approvalsRequired, approvalsGiven, heldByOther } = stage;
  const flow = rolesWith("stage.flow");
  const test: Todo = { code: "GIVE_VERDICT", facts: { environment }, who: flow };
  const missing = approvalsRequired - approvalsGiven;
  const deploy: Todo[] = [
    ...(missing > 0
      ? [{ code: "APPROVE", facts: { environment, missing }, who: rolesWith("plan.approve") }]
      : []),
    { code: "DEPLOY", facts: { environment }, who: deployersOf({ kind: stage.environmentKind }) },
  ];
  switch (stage.state) {
    case "waiting":
      return [
        ...(heldByOther
          ? [
              {
                code: "WAIT_TURN",
                facts: {
                  environment,
                  release: heldByOther.release,
                  holder: heldByOther.displayName,
                  position: stage.queuePosition ?? 0,
                },
                who: [heldByOther.username],
              },
            ]
          : []),
        { code: "ENTER", facts: { environment }, who: flow },
        ...deploy,
        test,
      ];
    case "entered":
    case "failed":
      return [...deploy, test];
    case "deploying":
      return [{ code: "DEPLOYMENT_RUNS", facts: { environment }, who: ["system"] }, test];
    case "testing":
      return [test];
    default:
      return [];
  }
}
