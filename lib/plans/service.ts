import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { type BuiltPlan, buildPlan } from "./build.ts";
import type { PlanReview } from "./content.ts";
import type { SourceFacts } from "./diff.ts";
import { environmentFacts, planFacts } from "./facts.ts";
import { gateBlockers, gateFacts } from "./gate.ts";
import { toJson } from "./json.ts";
import { lookAtImages, lookAtTarget } from "./look.ts";
import { getPlan } from "./queries.ts";
import { buildRollback, type RollbackSource } from "./rollback.ts";
import type { PlanDto } from "./schema.ts";

/**
 * Computes what deploying a release order to an environment would do, and keeps it under its digest. The same plan
 * again refreshes the row; its approvals stand.
 * @throws AppError NOT_FOUND; BLOCKED while the release order is not built (there is nothing to deploy yet)
 */
export async function computePlan(input: {
  actor: Actor;
  release: string;
  environment: string;
}): Promise<PlanDto> {
  const { actor } = input;
  const release = await db.release.findUnique({
    where: { number: input.release },
    select: { id: true, projectId: true, state: true },
  });
  if (!release) throw new AppError("NOT_FOUND", `no release order ${input.release}`);
  requirePermission(actor, "project.read", release.projectId);
  const { id: environmentId } = await environmentFacts(db, release.projectId, { key: input.environment });
  const facts = await planFacts(db, release.id, environmentId);
  const unbuilt = facts.components.filter(({ image }) => image === null);
  if (unbuilt.length > 0 || facts.components.length === 0) {
    const gate = await gateFacts(db, { kind: "deploy", ...facts, at: await databaseTime(db) });
    const blockers = gateBlockers({
      ...gate,
      releaseState: release.state === "built" ? "building" : release.state,
    });
    throw new AppError("BLOCKED", "the release order is not built", { blockers });
  }
  const built = await buildPlan(facts);
  const place = { projectId: release.projectId, environmentId, releaseId: release.id };
  return keepPlan({ actor, built, place });
}

/** Computes a rollback from stored manifests, and keeps it like any plan. The caller has chosen the sources. */
export async function computeRollback(input: {
  actor: Actor;
  projectId: string;
  environmentId: string;
  releaseId: string;
  sources: RollbackSource[];
  warnings: PlanReview["checks"];
}): Promise<PlanDto> {
  const { actor, projectId, environmentId, releaseId } = input;
  const built = await buildRollback(db, input);
  const checks = [...input.warnings, ...built.checks];
  return keepPlan({ actor, built: { ...built, checks }, place: { projectId, environmentId, releaseId } });
}

async function keepPlan(input: {
  actor: Actor;
  built: BuiltPlan;
  place: { projectId: string; environmentId: string; releaseId: string };
}): Promise<PlanDto> {
  const { actor, built, place } = input;
  const review = await reviewOf(built, place);
  const { digest, inputs, manifests } = built;
  await db.$transaction(async (tx) => {
    const known = await tx.plan.findUnique({ where: { digest }, select: { id: true } });
    const computedAt = await databaseTime(tx);
    await tx.plan.upsert({
      where: { digest },
      create: {
        ...place,
        digest,
        kind: inputs.kind,
        sourceDeploymentId: inputs.sourceDeployment,
        inputs: toJson(inputs),
        manifests: toJson(manifests),
        review: toJson(review),
        computedAt,
        createdById: actor.id,
      },
      update: { review: toJson(review), computedAt },
    });
    const project = await tx.project.findUniqueOrThrow({
      where: { id: place.projectId },
      select: { key: true },
    });
    await emit(tx, {
      topics: [`release:${inputs.release}`, `project:${project.key}`],
      type: "plan.computed",
      data: {
        digest,
        release: inputs.release,
        environment: inputs.environment,
        blockers: review.blockers.length,
      },
    });
    if (known) return;
    await recordAudit(tx, {
      actor,
      action: "plan.compute",
      subject: "plan",
      subjectId: digest,
      projectKey: project.key,
      data: { inputs },
    });
  });
  return getPlan(actor, digest, built);
}

/** What the world says to a plan: registries and clusters, all at the same time. */
async function reviewOf(built: BuiltPlan, place: { projectId: string }): Promise<PlanReview> {
  const { inputs, manifests } = built;
  const components = await db.component.findMany({
    where: { projectId: place.projectId, key: { in: inputs.images.map(({ component }) => component) } },
    select: {
      key: true,
      registryId: true,
      configs: { select: { variables: true, environment: { select: { key: true } } } },
    },
  });
  const rows = await db.target.findMany({
    where: { id: { in: manifests.targets.map(({ targetId }) => targetId) } },
    select: { id: true, clusterId: true },
  });
  const sources = (component: string): SourceFacts => {
    const config = components
      .find(({ key }) => key === component)
      ?.configs.find(({ environment }) => environment.key === inputs.environment);
    const secrets = inputs.configs.find((entry) => entry.component === component)?.secrets ?? {};
    return {
      release: inputs.release,
      variables: Object.keys(config?.variables ?? {}),
      secrets: Object.keys(secrets),
    };
  };
  const [images, ...targets] = await Promise.all([
    lookAtImages(inputs.images, (component) => components.find(({ key }) => key === component)?.registryId),
    ...manifests.targets.map((target) =>
      lookAtTarget(target, rows.find(({ id }) => id === target.targetId)?.clusterId ?? "", sources),
    ),
  ]);
  return {
    targets: targets.map(({ review }) => review),
    checks: [...built.checks, ...images.checks, ...targets.flatMap(({ checks }) => checks)],
    blockers: [...built.blockers, ...images.blockers, ...targets.flatMap(({ blockers }) => blockers)],
  };
}
