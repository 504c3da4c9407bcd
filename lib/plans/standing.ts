import { z } from "zod";
import { loadActor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { judgeApprovals } from "#lib/approvals/rule.ts";
import type { Tx } from "#lib/db.ts";
import { undoneDeployments } from "#lib/deployments/undone.ts";
import { AppError } from "#lib/errors.ts";
import { standingWaivers } from "#lib/image-policies/blockers.ts";
import { judgeImages } from "#lib/image-policies/judge.ts";
import type { ImageFinding } from "#lib/image-policies/schema.ts";
import { databaseTime } from "#lib/stages/time.ts";
import type { BuiltPlan } from "./build.ts";
import { saysAll } from "./choices.ts";
import { comparePlans } from "./compare.ts";
import { type ConflictChoice, planInputsSchema, planReviewSchema } from "./content.ts";
import { type EnvironmentFacts, environmentFacts, planFacts } from "./facts.ts";
import { gateFacts } from "./gate.ts";
import { keptBuild, planContent } from "./kept.ts";
import { newerPlan } from "./newest.ts";
import { buildRollback } from "./rollback.ts";

const person = { select: { id: true, username: true, displayName: true } };
const kindSchema = z.enum(["deploy", "rollback"]);
const decisionSchema = z.enum(["approve", "reject"]);

/** A plan's row with its contents parsed. @throws AppError NOT_FOUND */
export async function loadPlan(tx: Tx, where: { digest: string } | { id: string }) {
  const row = await tx.plan.findUnique({
    where,
    select: {
      id: true,
      digest: true,
      kind: true,
      projectId: true,
      environmentId: true,
      releaseId: true,
      sourceDeploymentId: true,
      review: true,
      computedAt: true,
      createdAt: true,
      createdBy: person,
      project: { select: { id: true, key: true } },
      release: {
        select: { id: true, number: true, title: true, state: true, createdById: true, createdBy: person },
      },
      approvals: {
        orderBy: { id: "asc" },
        select: {
          id: true,
          userId: true,
          decision: true,
          comment: true,
          createdAt: true,
          expiresAt: true,
          voidedAt: true,
          voidReason: true,
          user: person,
        },
      },
      deployments: { where: { state: "succeeded" }, take: 1, select: { id: true } },
    },
  });
  if (!row) throw new AppError("NOT_FOUND", "no such plan");
  return {
    ...row,
    kind: kindSchema.parse(row.kind),
    ...(await planContent(tx, row.id)),
    review: planReviewSchema.parse(row.review),
  };
}
export type LoadedPlan = Awaited<ReturnType<typeof loadPlan>>;

/**
 * What would be computed for the same release and environment now, from the database alone. Its choices about conflicts
 * stand until somebody decides otherwise; one that merely lapsed does not unmake a plan.
 */
export async function rebuild(
  tx: Tx,
  plan: Pick<
    LoadedPlan,
    "id" | "kind" | "releaseId" | "environmentId" | "projectId" | "sourceDeploymentId" | "inputs"
  >,
  environment: Promise<EnvironmentFacts>,
  findings: Promise<ImageFinding[]>,
): Promise<BuiltPlan> {
  const [newest, facts, found] = await Promise.all([
    newestChoices(tx, plan),
    plan.kind === "rollback"
      ? null
      : planFacts(tx, plan.releaseId, plan.environmentId, { exceptPlan: plan.id, environment }),
    findings,
  ]);
  const choices = saysAll(plan.inputs.choices, newest) ? plan.inputs.choices : newest;
  if (facts) {
    const waivers = standingWaivers(plan.inputs.waivers ?? [], found);
    return keptBuild({ ...facts, waivers }, choices);
  }
  return buildRollback(tx, { ...plan, sources: plan.inputs.sources }, choices);
}

/** What was decided about conflicts in the newest plan of the same kind for the same stage; none while there is none. */
export async function newestChoices(
  tx: Tx,
  place: { releaseId: string; environmentId: string; kind: string; sourceDeploymentId: string | null },
): Promise<ConflictChoice[]> {
  const { releaseId, environmentId, kind, sourceDeploymentId } = place;
  const row = await tx.plan.findFirst({
    where: { releaseId, environmentId, kind, sourceDeploymentId },
    orderBy: { computedAt: "desc" },
    select: { inputs: true },
  });
  return row ? planInputsSchema.parse(row.inputs).choices : [];
}

/** Approvals with what their makers may do today; `roles` are those in the project. */
export async function approvalFacts(tx: Tx, plan: Pick<LoadedPlan, "approvals" | "projectId">) {
  const ids = [...new Set(plan.approvals.map(({ userId }) => userId))];
  const people = await Promise.all(ids.map((id) => loadActor(id, null, tx)));
  return plan.approvals.map(({ user, ...approval }) => {
    const actor = people.find((one) => one?.id === approval.userId);
    return {
      ...approval,
      decision: decisionSchema.parse(approval.decision),
      username: user.username,
      displayName: user.displayName,
      roles: [...(actor?.rights.projectRoles[plan.projectId] ?? [])],
      mayApprove: actor ? can(actor.rights, "plan.approve", plan.projectId) : false,
    };
  });
}

/** What the environment's image policy says of a plan's images. */
async function findingsNow(
  tx: Tx,
  plan: LoadedPlan,
  { time, known, at }: { time: Promise<Date>; known: Promise<EnvironmentFacts>; at: Date | undefined },
): Promise<ImageFinding[]> {
  const [now, environment] = await Promise.all([time, known]);
  return judgeImages(tx, {
    projectId: plan.projectId,
    environmentId: plan.environmentId,
    policy: environment.imagePolicy,
    images: plan.inputs.images,
    creatorId: plan.release.createdById,
    at: at ?? now,
  });
}

/** What the record says of a plan's environment, and of what it would undo. `at`: when it would start. */
async function wayNow(
  tx: Tx,
  plan: LoadedPlan,
  input: {
    time: Promise<Date>;
    known: Promise<EnvironmentFacts>;
    judged: Promise<ImageFinding[]>;
    at: Date | undefined;
  },
) {
  const [now, environment, findings, undone] = await Promise.all([
    input.time,
    input.known,
    input.judged,
    plan.kind === "rollback" ? undoneDeployments(tx, { ...plan, sources: plan.inputs.sources }) : [],
  ]);
  const gate = await gateFacts(tx, {
    kind: plan.kind,
    project: plan.project,
    release: plan.release,
    environment,
    undone: undone.map(({ releaseId }) => releaseId),
    findings,
    images: plan.inputs.images,
    at: input.at ?? now,
  });
  return { now, environment, undone, gate };
}

/**
 * How a plan stands now: whether it is still current, what the record holds against it, and what its approvals are
 * worth if `deployerId` deploys it at `at` (now when left out).
 */
export async function planStanding(
  tx: Tx,
  plan: LoadedPlan,
  input: { deployerId: string | null; at?: Date; built?: BuiltPlan },
) {
  const known = environmentFacts(tx, plan.projectId, { id: plan.environmentId });
  const time = databaseTime(tx);
  const findings = findingsNow(tx, plan, { time, known, at: input.at });
  const [{ now, environment, undone, gate }, built, approvals] = await Promise.all([
    wayNow(tx, plan, { time, known, judged: findings, at: input.at }),
    input.built ?? rebuild(tx, plan, known, findings),
    approvalFacts(tx, plan),
  ]);
  const current = built.digest === plan.digest;
  const judged = judgeApprovals(approvals, {
    // What is restored was approved when it was deployed.
    required: plan.kind === "rollback" ? 0 : environment.approvalsRequired,
    fourEyes: environment.fourEyes,
    creatorId: plan.release.createdById,
    deployerId: input.deployerId,
    // Once carried out, a plan's approvals are history: later changes do not unmake them.
    stale: !current && plan.deployments.length === 0,
    now,
  });
  return {
    now,
    built,
    environment,
    current,
    /** The plan that somebody computed after it; null for a plan that still stands. */
    newer: current ? null : await newerPlan(tx, plan),
    changedSince: current ? [] : comparePlans(plan.inputs, built.inputs),
    gate,
    judged,
    undone,
  };
}
export type PlanStanding = Awaited<ReturnType<typeof planStanding>>;
