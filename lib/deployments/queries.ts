import { z } from "zod";
import { type Actor, readableProjects, requirePermission } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { environmentSchema } from "#lib/environments/schema.ts";
import { AppError } from "#lib/errors.ts";
import { toPage } from "#lib/http/page.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import {
  approvalFacts,
  type LoadedPlan,
  loadPlan,
  type PlanStanding,
  planStanding,
} from "#lib/plans/standing.ts";
import { stepInputSchema } from "#lib/strategies/schema.ts";
import { deploymentAction } from "./actions.ts";
import { actsOn } from "./acts.ts";
import { causeSchema, comparisonSchema, progressSchema, stepDetailSchema } from "./content.ts";
import type { DeploymentDto, DeploymentSummaryDto, deploymentQuerySchema } from "./schema.ts";
import {
  ACTIVE_DEPLOYMENTS,
  DEPLOYMENT_STATES,
  type DeploymentAction,
  STEP_STATES,
  TARGET_RUN_STATES,
} from "./state.ts";
import { usualTimes } from "./usual.ts";
import { policyOf, waitingOf } from "./waiting.ts";

const targetState = z.enum(TARGET_RUN_STATES);
const stepState = z.enum(STEP_STATES);

const person = { select: { username: true, displayName: true } };
const place = { namespace: true, cluster: { select: { key: true } } };
const base = {
  id: true,
  kind: true,
  state: true,
  version: true,
  attempt: true,
  projectId: true,
  environmentId: true,
  planId: true,
  createdAt: true,
  scheduledAt: true,
  startedAt: true,
  endedAt: true,
  cancelRequestedAt: true,
  cause: true,
  automaticFor: true,
  createdBy: person,
  project: { select: { key: true } },
  environment: { select: { key: true } },
  release: { select: { number: true, title: true } },
  plan: { select: { digest: true, inputs: true } },
};
type Row = {
  id: string;
  kind: string;
  state: string;
  version: number;
  attempt: number;
  createdAt: Date;
  scheduledAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  cancelRequestedAt: Date | null;
  cause: unknown;
  automaticFor: string | null;
  createdBy: { username: string; displayName: string };
  project: { key: string };
  environment: { key: string };
  release: { number: string; title: string };
  plan: { digest: string; inputs: unknown };
};
const iso = (date: Date | null) => date?.toISOString() ?? null;
const causeOf = (value: unknown) => (value === null ? null : causeSchema.parse(value));

const baseOf = (row: Row) => ({
  id: row.id,
  release: row.release.number,
  title: row.release.title,
  project: row.project.key,
  environment: row.environment.key,
  kind: z.enum(["deploy", "rollback"]).parse(row.kind),
  state: z.enum(DEPLOYMENT_STATES).parse(row.state),
  version: row.version,
  attempt: row.attempt,
  planDigest: row.plan.digest,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  scheduledAt: iso(row.scheduledAt),
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  cancelRequestedAt: iso(row.cancelRequestedAt),
  cause: causeOf(row.cause),
  automaticFor: row.automaticFor,
  images: planInputsSchema.parse(row.plan.inputs).images,
});

/** Deployments that the actor may read, newest first. */
export async function listDeployments(actor: Actor, query: z.output<typeof deploymentQuerySchema>) {
  const ids = readableProjects(actor);
  const rows = await db.deployment.findMany({
    where: {
      ...(ids ? { projectId: { in: ids } } : {}),
      ...(query.project ? { project: { key: query.project } } : {}),
      ...(query.environment ? { environment: { key: query.environment } } : {}),
      ...(query.release ? { release: { number: query.release } } : {}),
      ...(query.state ? { state: { in: query.state } } : {}),
      ...(query.cursor ? { id: { lt: query.cursor } } : {}),
    },
    orderBy: { id: "desc" },
    take: query.limit + 1,
    select: {
      ...base,
      targets: {
        orderBy: [{ wave: "asc" }, { id: "asc" }],
        select: { wave: true, state: true, target: { select: place } },
      },
    },
  });
  const page = toPage(rows, query.limit, ({ id }) => id);
  return {
    ...page,
    items: page.items.map(
      (row): DeploymentSummaryDto => ({
        ...baseOf(row),
        targets: row.targets.map(({ target, wave, state }) => ({
          cluster: target.cluster.key,
          namespace: target.namespace,
          wave,
          state,
        })),
      }),
    ),
  };
}

/**
 * One deployment as its page shows it. @throws AppError NOT_FOUND
 * @param known its plan and how that stands, if the caller has just read it
 */
export async function getDeployment(
  actor: Actor,
  id: string,
  known?: { plan: LoadedPlan; standing: PlanStanding },
): Promise<DeploymentDto> {
  const row = await db.deployment.findUnique({
    where: { id },
    select: {
      ...base,
      pausedAt: true,
      waveContinued: true,
      environment: {
        select: {
          key: true,
          waveGate: true,
          wavePauseSeconds: true,
          maxFailedTargets: true,
          onFailure: true,
        },
      },
      targets: {
        orderBy: [{ wave: "asc" }, { id: "asc" }],
        select: {
          id: true,
          wave: true,
          state: true,
          startedAt: true,
          endedAt: true,
          cause: true,
          progress: true,
          skipReason: true,
          comparison: true,
          target: { select: place },
          steps: {
            orderBy: [{ attempt: "asc" }, { position: "asc" }],
            select: {
              id: true,
              name: true,
              attempt: true,
              state: true,
              startedAt: true,
              endedAt: true,
              detail: true,
              input: true,
              continuedAt: true,
              continuedById: true,
            },
          },
        },
      },
    },
  });
  if (!row) throw new AppError("NOT_FOUND", "no such deployment");
  requirePermission(actor, "project.read", row.projectId);
  const plan = known?.plan ?? (await loadPlan(db, { id: row.planId }));
  const standing = known?.standing ?? (await planStanding(db, plan, { deployerId: actor.id }));
  const allowed = mayDeploy(actor.rights, row.projectId, standing.environment, standing.now);
  const facts = baseOf(row);
  const environment = environmentSchema
    .pick({ waveGate: true, wavePauseSeconds: true, maxFailedTargets: true, onFailure: true })
    .parse(row.environment);
  const targets = row.targets.map((run) => ({
    ...run,
    state: targetState.parse(run.state),
    cause: causeOf(run.cause),
    steps: run.steps.map((step) => ({
      ...step,
      state: stepState.parse(step.state),
      input: stepInputSchema.parse(step.input ?? {}),
    })),
  }));
  const running = ACTIVE_DEPLOYMENTS.includes(facts.state);
  const waiting = running
    ? waitingOf({ ...row, environment, targets: targets.map(lastAttempt) }, standing.now)
    : null;
  const action = (name: DeploymentAction) =>
    deploymentAction(name, { ...facts, mayDeploy: allowed, standing, targets, waiting });
  const [acts, usual, approvals] = await Promise.all([
    actsOn(row.id),
    usualTimes({ projectId: row.projectId, environmentId: row.environmentId, before: row.id }),
    approvalFacts(db, plan),
  ]);
  const people = await peopleOf([
    ...targets.flatMap(({ steps }) => steps.map((step) => step.continuedById)),
    ...acts.map(({ actorId }) => actorId),
  ]);
  const judged = standing.judged.each;
  return {
    ...facts,
    sources: plan.inputs.sources,
    approvals: approvals.map((approval, index) => ({
      person: { username: approval.username, displayName: approval.displayName },
      roles: approval.roles,
      decision: approval.decision,
      comment: approval.comment,
      createdAt: approval.createdAt.toISOString(),
      expiresAt: approval.expiresAt.toISOString(),
      valid: judged[index]?.valid ?? false,
      voidReason: judged[index]?.voidedBecause ?? null,
    })),
    usualMs: usual.wholeMs,
    acts: acts.map(({ actorId, actorName, ...act }) => ({
      ...act,
      // As it was written then, where the account is not known any more.
      by: people.get(actorId ?? "") ?? { username: actorName, displayName: actorName },
    })),
    pausedAt: iso(row.pausedAt),
    waiting,
    policy: policyOf({ ...row, environment }),
    undoes: await linkTo(row.automaticFor ? { id: row.automaticFor } : null),
    undoneBy: await linkTo(running ? null : { automaticFor: row.id }),
    targets: targets.map((run) => ({
      id: run.id,
      cluster: run.target.cluster.key,
      namespace: run.target.namespace,
      wave: run.wave,
      state: run.state,
      startedAt: iso(run.startedAt),
      endedAt: iso(run.endedAt),
      cause: run.cause,
      skipReason: run.skipReason,
      comparison: run.comparison === null ? null : comparisonSchema.parse(run.comparison),
      steps: run.steps.map((step) => ({
        id: step.id,
        name: step.name,
        attempt: step.attempt,
        state: step.state,
        startedAt: iso(step.startedAt),
        endedAt: iso(step.endedAt),
        usualMs: usual.ofStep(step),
        detail: step.detail === null ? null : stepDetailSchema.parse(step.detail),
        input: step.input,
        continued: continuedOf(step, people),
      })),
      workloads: run.progress === null ? [] : progressSchema.parse(run.progress),
    })),
    actions: {
      cancel: action("cancel"),
      pause: action("pause"),
      continue: action("continue"),
      retry: action("retry"),
      skip: action("skip"),
      rollback: action("rollback"),
    },
  };
}

/** A retry has steps of its own; those before it are history. */
function lastAttempt<Step extends { attempt: number }, Target extends { steps: Step[] }>(
  target: Target & { steps: Step[] },
) {
  const last = target.steps.at(-1)?.attempt;
  return { ...target, steps: target.steps.filter(({ attempt }) => attempt === last) };
}

async function linkTo(where: { id: string } | { automaticFor: string } | null) {
  if (!where) return null;
  const row = await db.deployment.findUnique({
    where,
    select: { id: true, state: true, release: { select: { number: true } } },
  });
  return (
    row && { id: row.id, release: row.release.number, state: z.enum(DEPLOYMENT_STATES).parse(row.state) }
  );
}

type People = Map<string, { username: string; displayName: string }>;
async function peopleOf(ids: readonly (string | null)[]): Promise<People> {
  const wanted = ids.filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await db.user.findMany({
    where: { id: { in: wanted } },
    select: { id: true, username: true, displayName: true },
  });
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

function continuedOf(step: { continuedAt: Date | null; continuedById: string | null }, people: People) {
  const by = people.get(step.continuedById ?? "");
  return by && step.continuedAt ? { by, at: step.continuedAt.toISOString() } : null;
}
