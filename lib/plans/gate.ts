import { rolesWith } from "#lib/access/roles.ts";
import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import { type ActiveFreeze, activeFreeze } from "#lib/freezes/active.ts";
import { copyBlockers, type MissingCopy, missingCopies } from "#lib/image-copies/missing.ts";
import { imageBlockers } from "#lib/image-policies/blockers.ts";
import type { PlannedImage } from "#lib/image-policies/judge.ts";
import type { ImageFinding } from "#lib/image-policies/schema.ts";
import { type Holder, holderOf } from "#lib/reservations/hold.ts";
import { findStage } from "#lib/stages/move.ts";
import { DEPLOYABLE_STAGES, type StageState, stageOver } from "#lib/stages/state.ts";
import type { EnvironmentFacts } from "./facts.ts";

/** What the portal's own record says about going ahead now: the way of the release order, holds and freezes. */
export type GateFacts = {
  kind: "deploy" | "rollback";
  releaseId: string;
  releaseState: string;
  environment: Pick<EnvironmentFacts, "key">;
  stage: { id: string; version: number; state: StageState } | null;
  previous: { environment: string; state: StageState } | null;
  holder: Holder | null;
  freeze: ActiveFreeze | null;
  /** Releases whose hold does not hinder: for a rollback those that it undoes. */
  undone: readonly string[];
  /** What the environment's image policy says of the plan's images. */
  findings: readonly ImageFinding[];
  /** Images that the environment's own registry does not have yet. */
  missing: readonly MissingCopy[];
};

export async function gateFacts(
  tx: Tx,
  input: {
    kind: "deploy" | "rollback";
    project: { id: string };
    release: { id: string; state: string };
    environment: Pick<EnvironmentFacts, "id" | "key" | "rank" | "registry">;
    images: readonly PlannedImage[];
    undone?: readonly string[];
    findings: readonly ImageFinding[];
    /** When it would start. */
    at: Date;
  },
): Promise<GateFacts> {
  const { project, release, environment } = input;
  const [before, stage, holder, freeze, missing] = await Promise.all([
    tx.stage.findFirst({
      where: { releaseId: release.id, environment: { rank: { lt: environment.rank } } },
      orderBy: { environment: { rank: "desc" } },
      select: { environmentId: true, environment: { select: { key: true } } },
    }),
    findStage(tx, release.id, environment.id),
    holderOf(tx, project.id, environment.id),
    activeFreeze(tx, project.id, environment.id, input.at),
    missingCopies(tx, { projectId: project.id, registry: environment.registry, images: input.images }),
  ]);
  const previous = before && (await findStage(tx, release.id, before.environmentId));
  return {
    kind: input.kind,
    releaseId: release.id,
    releaseState: release.state,
    environment: { key: environment.key },
    stage,
    previous: before && previous ? { environment: before.environment.key, state: previous.state } : null,
    holder,
    freeze,
    undone: input.undone ?? [],
    findings: input.findings,
    missing,
  };
}

/**
 * Every blocker of the portal's own record at once. Pure. A rollback has no way to go, and an incident needs the old
 * image: only holds and freezes count.
 */
export function gateBlockers(facts: GateFacts): Blocker[] {
  return [
    ...(facts.kind === "deploy" ? wayBlockers(facts) : []),
    ...heldBlockers(facts),
    ...freezeBlockers(facts),
    ...policyBlockers(facts),
    ...missingBlockers(facts),
  ];
}

/** What the image policy holds against it: the part of the gate that time alone does not lift. Pure. */
export const policyBlockers = ({
  kind,
  findings,
  environment,
}: Pick<GateFacts, "kind" | "findings" | "environment">): Blocker[] =>
  kind === "deploy" ? imageBlockers(findings, environment.key) : [];

/**
 * Why a plan is history, whatever happens to it: its stage is over, or its release order was given up. Nobody lifts it,
 * so that a word about the plan would change nothing. Pure.
 */
export const overBlockers = (facts: Pick<GateFacts, "kind" | "stage" | "releaseState" | "environment">) =>
  facts.kind === "rollback"
    ? []
    : [
        ...(facts.releaseState === "abandoned" ? [notBuiltBlocker(facts)] : []),
        ...(facts.stage && stageOver(facts.stage.state) ? [notDeployableBlocker(facts, facts.stage)] : []),
      ];

const notBuiltBlocker = ({ releaseState }: Pick<GateFacts, "releaseState">): Blocker => ({
  code: "RELEASE_NOT_BUILT",
  message: `the release order is ${releaseState}, not built`,
  facts: { state: releaseState },
  liftedBy: releaseState === "abandoned" ? [] : rolesWith("release.write"),
});

const notDeployableBlocker = (
  { environment }: Pick<GateFacts, "environment">,
  { state }: { state: StageState },
): Blocker => ({
  code: "STAGE_NOT_DEPLOYABLE",
  message: `${environment.key} is ${state}: nothing is deployed in this state`,
  facts: { environment: environment.key, state },
  liftedBy: [],
});

/**
 * What a rollback restores may be older than the environment's registry: then nobody asked for it there. Whether what was
 * lost is still missing is asked of the registry itself when the rollback begins: it does not wait for an old answer.
 */
const missingBlockers = ({ kind, missing, environment }: GateFacts): Blocker[] =>
  copyBlockers(
    missing.filter(({ state }) => kind === "deploy" || (state !== null && state !== "lost")),
    environment.key,
  );

function wayBlockers(way: GateFacts): Blocker[] {
  const { stage, previous, releaseState, environment } = way;
  const liftedBy = rolesWith("stage.flow");
  const told = { environment: environment.key };
  const blockers: Blocker[] = [];
  if (releaseState !== "built" && releaseState !== "released") {
    blockers.push(notBuiltBlocker(way));
  }
  if (!stage) {
    const message = `${environment.key} is not on the way of this release order`;
    return [...blockers, { code: "ENVIRONMENT_NOT_ON_PATH", message, facts: told, liftedBy: [] }];
  }
  if (stage.state === "waiting") {
    const message = `the release order has not entered ${environment.key}`;
    blockers.push({ code: "STAGE_NOT_ENTERED", message, facts: told, liftedBy });
    if (previous && previous.state !== "passed") {
      const facts = { ...told, previous: previous.environment, state: previous.state };
      const text = `${previous.environment} is ${previous.state}, not passed`;
      blockers.push({ code: "PREVIOUS_NOT_PASSED", message: text, facts, liftedBy });
    }
  } else if (!DEPLOYABLE_STAGES.includes(stage.state)) {
    blockers.push(notDeployableBlocker(way, stage));
  }
  return blockers;
}

function heldBlockers({ holder, releaseId, undone, environment }: GateFacts): Blocker[] {
  if (!holder || holder.releaseId === releaseId || undone.includes(holder.releaseId)) return [];
  const facts = {
    environment: environment.key,
    release: holder.releaseNumber,
    holder: holder.heldBy.displayName,
  };
  const message = `${environment.key} is held for ${holder.releaseNumber} by ${holder.heldBy.displayName}`;
  return [
    {
      code: "ENVIRONMENT_HELD",
      message,
      facts,
      liftedBy: [holder.heldBy.username, ...rolesWith("stage.flow")],
    },
  ];
}

function freezeBlockers({ freeze, environment }: GateFacts): Blocker[] {
  if (!freeze) return [];
  const facts = { environment: environment.key, until: freeze.endsAt.toISOString(), reason: freeze.reason };
  const message = `${environment.key} is frozen until ${facts.until}: ${freeze.reason}`;
  const liftedBy = freeze.global ? rolesWith("platform.manage") : rolesWith("freeze.manage");
  return [{ code: "FROZEN", message, facts, liftedBy: [...liftedBy, "system"] }];
}
