import { z } from "zod";
import { type Actor, readableProjects, requirePermission } from "#lib/access/actor.ts";
import { mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { toPage } from "#lib/http/page.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import { approvalFacts, loadPlan, planStanding } from "#lib/plans/standing.ts";
import { deploymentAction } from "./actions.ts";
import { causeSchema, progressSchema, stepDetailSchema } from "./content.ts";
import type { DeploymentDto, DeploymentSummaryDto, deploymentQuerySchema } from "./schema.ts";
import { DEPLOYMENT_STATES } from "./state.ts";

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

/** One deployment as its page shows it. @throws AppError NOT_FOUND */
export async function getDeployment(actor: Actor, id: string): Promise<DeploymentDto> {
  const row = await db.deployment.findUnique({
    where: { id },
    select: {
      ...base,
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
          target: { select: place },
          steps: {
            orderBy: [{ attempt: "asc" }, { position: "asc" }],
            select: { name: true, attempt: true, state: true, startedAt: true, endedAt: true, detail: true },
          },
        },
      },
    },
  });
  if (!row) throw new AppError("NOT_FOUND", "no such deployment");
  requirePermission(actor, "project.read", row.projectId);
  const plan = await loadPlan(db, { id: row.planId });
  const standing = await planStanding(db, plan, { deployerId: actor.id });
  const allowed = mayDeploy(actor.rights, row.projectId, standing.environment, standing.now);
  const facts = baseOf(row);
  const action = (name: "cancel" | "retry" | "rollback") =>
    deploymentAction(name, { state: facts.state, kind: facts.kind, mayDeploy: allowed, standing });
  const approvals = await approvalFacts(db, plan);
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
    usualMs: await usualDuration(row.projectId, row.environmentId),
    targets: row.targets.map((run) => ({
      id: run.id,
      cluster: run.target.cluster.key,
      namespace: run.target.namespace,
      wave: run.wave,
      state: run.state,
      startedAt: iso(run.startedAt),
      endedAt: iso(run.endedAt),
      cause: causeOf(run.cause),
      steps: run.steps.map((step) => ({
        name: step.name,
        attempt: step.attempt,
        state: step.state,
        startedAt: iso(step.startedAt),
        endedAt: iso(step.endedAt),
        detail: step.detail === null ? null : stepDetailSchema.parse(step.detail),
      })),
      workloads: run.progress === null ? [] : progressSchema.parse(run.progress),
    })),
    actions: { cancel: action("cancel"), retry: action("retry"), rollback: action("rollback") },
  };
}

/** Median of the last twenty successful deployments here, milliseconds; null when there is none. */
async function usualDuration(projectId: string, environmentId: string): Promise<number | null> {
  const rows = await db.deployment.findMany({
    where: { projectId, environmentId, state: "succeeded", startedAt: { not: null }, endedAt: { not: null } },
    orderBy: { id: "desc" },
    take: 20,
    select: { startedAt: true, endedAt: true },
  });
  const lengths = rows
    .flatMap(({ startedAt, endedAt }) =>
      startedAt && endedAt ? [endedAt.getTime() - startedAt.getTime()] : [],
    )
    .sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? null;
}
