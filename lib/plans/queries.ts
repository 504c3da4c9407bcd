import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { decideBlockers } from "#lib/approvals/rule.ts";
import { db } from "#lib/db.ts";
import { startBlockers } from "#lib/deployments/decision.ts";
import type { Blocker } from "#lib/errors.ts";
import { imageWarnings } from "#lib/image-policies/blockers.ts";
import { askBlockers } from "#lib/waivers/rule.ts";
import type { BuiltPlan } from "./build.ts";
import { chooseBlockers } from "./choose-right.ts";
import { gateBlockers, overBlockers, policyBlockers } from "./gate.ts";
import { responsibilityOf } from "./responsibility.ts";
import type { PlanDto } from "./schema.ts";
import { loadPlan, planStanding } from "./standing.ts";

/**
 * A plan as its page shows it, with what the caller may do about it.
 * @param built what was computed for it a moment ago, where the caller knows
 * @throws AppError NOT_FOUND
 */
export async function getPlan(actor: Actor, digest: string, built?: BuiltPlan): Promise<PlanDto> {
  const plan = await loadPlan(db, { digest });
  requirePermission(actor, "project.read", plan.projectId);
  const standing = await planStanding(db, plan, { deployerId: null, built });
  // As if the caller deployed: the four-eyes rule shows before the button is pressed.
  const asDeployer = await planStanding(db, plan, { deployerId: actor.id, built: standing.built });
  const { judged, environment } = standing;
  const decide = (decision: "approve" | "reject") =>
    action(
      decideBlockers({
        userId: actor.id,
        mayApprove: can(actor.rights, "plan.approve", plan.projectId),
        creatorId: plan.release.createdById,
        stale: !standing.current,
        newer: standing.newer,
        over: overBlockers(standing.gate),
        planBlockers: [...policyBlockers(standing.gate), ...plan.review.blockers],
        decision,
      }),
    );
  const { blockers: found } = plan.review;
  const warned = imageWarnings(standing.gate.findings, environment.key);
  const deployments = await db.deployment.findMany({
    where: { planId: plan.id },
    orderBy: { id: "desc" },
    take: 20,
    select: { id: true, state: true },
  });
  return {
    digest: plan.digest,
    kind: plan.kind,
    release: plan.release.number,
    title: plan.release.title,
    project: plan.project.key,
    environment: environment.key,
    sourceDeployment: plan.inputs.sourceDeployment,
    sources: plan.inputs.sources,
    createdBy: plan.createdBy,
    createdAt: plan.createdAt.toISOString(),
    computedAt: plan.computedAt.toISOString(),
    targets: plan.review.targets,
    origins: plan.review.origins,
    choices: plan.inputs.choices,
    strategies: plan.inputs.strategies,
    steps: plan.manifests.targets.map(({ cluster, namespace, steps }) => ({ cluster, namespace, steps })),
    checks: [...(plan.kind === "rollback" ? warned : []), ...plan.review.checks],
    blockers: [...gateBlockers(standing.gate), ...found],
    images: plan.inputs.images,
    findings: [...standing.gate.findings],
    templates: plan.inputs.templates,
    configs: plan.inputs.configs,
    approvals: judged.each.map((approval) => ({
      person: { username: approval.username, displayName: approval.displayName },
      roles: approval.roles,
      decision: approval.decision,
      comment: approval.comment,
      createdAt: approval.createdAt.toISOString(),
      expiresAt: approval.expiresAt.toISOString(),
      valid: approval.valid,
      voidReason: approval.voidedBecause,
    })),
    approvalRule: {
      required: judged.required,
      given: judged.given,
      satisfied: judged.satisfied,
      fourEyes: environment.fourEyes,
      excluded: [
        { person: plan.release.createdBy.displayName, reason: "OWN_RELEASE" },
        ...asDeployer.judged.excluded.map(({ displayName, reason }) => ({ person: displayName, reason })),
      ],
    },
    current: standing.current,
    changedSince: standing.changedSince,
    newer: standing.newer,
    deployments,
    responsibility: await responsibilityOf(db, plan.releaseId),
    actions: {
      approve: decide("approve"),
      reject: decide("reject"),
      deploy: action(
        startBlockers({
          rights: actor.rights,
          projectId: plan.projectId,
          standing: asDeployer,
          planBlockers: found,
        }),
      ),
      waive: action(askBlockers(actor.rights, plan.projectId)),
      choose: action(chooseBlockers(actor.rights, plan.projectId, environment, standing.now)),
    },
  };
}

const action = (blockers: Blocker[]) => ({ allowed: blockers.length === 0, blockers });
