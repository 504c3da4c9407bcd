import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { missingCopies } from "#lib/image-copies/missing.ts";
import { waiversUsed } from "#lib/image-policies/blockers.ts";
import { askInspections } from "#lib/image-policies/inspect.ts";
import { judgeImages } from "#lib/image-policies/judge.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { AUTOSCALER_KIND } from "./autoscalers.ts";
import { type BuiltPlan, buildPlan } from "./build.ts";
import { conflictKey, objectName, pointless, sameChoices, settleChoices } from "./choices.ts";
import { chooseBlockers } from "./choose-right.ts";
import type { ConflictChoice, PlanReview } from "./content.ts";
import { environmentFacts, planFacts } from "./facts.ts";
import { gateBlockers, gateFacts } from "./gate.ts";
import { toJson } from "./json.ts";
import { askIfEntered, withoutLost } from "./promotion.ts";
import { getPlan } from "./queries.ts";
import { type LeftField, lookAtTargets, reviewOf } from "./review.ts";
import { buildRollback, type RollbackSource } from "./rollback.ts";
import type { PlanDto } from "./schema.ts";
import { loadPlan, newestChoices } from "./standing.ts";

/**
 * Computes what deploying a release order to an environment would do, and keeps it under its digest. The same plan
 * again refreshes the row; its approvals stand.
 * @param input.choices about fields that others own; left out, those of the stage's newest plan go on
 * @throws AppError NOT_FOUND; FORBIDDEN for choices by somebody who neither deploys nor approves there; BLOCKED while
 * the release order is not built (there is nothing to deploy yet), or for a choice that cannot work
 */
export async function computePlan(input: {
  actor: Actor;
  release: string;
  environment: string;
  choices?: ConflictChoice[];
}): Promise<PlanDto> {
  const { actor } = input;
  const release = await db.release.findUnique({
    where: { number: input.release },
    select: { id: true, projectId: true, state: true },
  });
  if (!release) throw new AppError("NOT_FOUND", `no release order ${input.release}`);
  requirePermission(actor, "project.read", release.projectId);
  const { id: environmentId, registry } = await environmentFacts(db, release.projectId, {
    key: input.environment,
  });
  const facts = await planFacts(db, release.id, environmentId);
  const unbuilt = facts.components.filter(({ image }) => image === null);
  if (unbuilt.length > 0 || facts.components.length === 0) {
    const gate = await gateFacts(db, {
      kind: "deploy",
      ...facts,
      findings: [],
      images: [],
      at: await databaseTime(db),
    });
    const blockers = gateBlockers({
      ...gate,
      releaseState: release.state === "built" ? "building" : release.state,
    });
    throw new AppError("BLOCKED", "the release order is not built", { blockers });
  }
  const findings = await judgeImages(db, {
    projectId: release.projectId,
    environmentId,
    policy: facts.environment.imagePolicy,
    images: facts.components.flatMap(({ key, image }) => (image ? [{ component: key, ...image }] : [])),
    creatorId: facts.release.createdById,
    at: await databaseTime(db),
  });
  const waivers = waiversUsed(findings);
  await askInspections(db, { releaseId: release.id, findings });
  if (registry) await askIfEntered(actor, { releaseId: release.id, environmentId });
  return keepPlan({
    actor,
    place: { projectId: release.projectId, environmentId, releaseId: release.id },
    source: null,
    choices: input.choices,
    build: (choices) => buildPlan({ ...facts, waivers }, choices),
  });
}

type RollbackInput = {
  actor: Actor;
  projectId: string;
  environmentId: string;
  releaseId: string;
  sources: RollbackSource[];
  warnings: PlanReview["checks"];
  /** Nobody asked for it: the audit names the portal, not the person in whose name the plan stands. */
  automatic?: boolean;
};

/** Computes a rollback from stored manifests, and keeps it like any plan. The caller has chosen the sources. */
export async function computeRollback(
  input: RollbackInput & { choices?: ConflictChoice[] },
): Promise<PlanDto> {
  const { actor, projectId, environmentId, releaseId } = input;
  return keepPlan({
    actor,
    place: { projectId, environmentId, releaseId },
    source: input.sources[0]?.deployment ?? null,
    choices: input.choices,
    automatic: input.automatic,
    build: async (choices) => {
      const built = await buildRollback(db, input, choices);
      return { ...built, checks: [...input.warnings, ...built.checks] };
    },
  });
}

/** Checks that a rollback was given when it was made, and that building it again does not find. */
const GIVEN = ["NO_EARLIER_VERSION"];

/**
 * Computes a plan again with choices about the fields that others own: a new plan under its own digest.
 * @throws AppError as computePlan does
 */
export async function choosePlan(input: {
  actor: Actor;
  digest: string;
  choices: ConflictChoice[];
}): Promise<PlanDto> {
  const { actor, digest, choices } = input;
  const plan = await loadPlan(db, { digest });
  requirePermission(actor, "project.read", plan.projectId);
  if (plan.kind === "rollback") {
    const warnings = plan.review.checks.filter(({ code }) => GIVEN.includes(code));
    return computeRollback({ ...plan, actor, sources: plan.inputs.sources, warnings, choices });
  }
  return computePlan({ actor, release: plan.release.number, environment: plan.inputs.environment, choices });
}

type PlanPlace = { projectId: string; environmentId: string; releaseId: string };

async function keepPlan(input: {
  actor: Actor;
  place: PlanPlace;
  /** Of a rollback. */
  source: string | null;
  choices: ConflictChoice[] | undefined;
  automatic?: boolean | undefined;
  build: (choices: readonly ConflictChoice[]) => Promise<BuiltPlan>;
}): Promise<PlanDto> {
  const { actor, place, source } = input;
  const plain = await input.build([]);
  const { kind } = plain.inputs;
  const kept = await newestChoices(db, { ...place, kind, sourceDeploymentId: source });
  const chosen = input.choices !== undefined && !sameChoices(input.choices, kept);
  if (chosen) await requireChooser(actor, place, input.choices ?? []);
  const settled = await settle(plain, input.choices ?? kept, place);
  const built = settled.standing.length === 0 ? plain : await input.build(settled.standing);
  const { digest, inputs, manifests } = built;
  const environment = await environmentFacts(db, place.projectId, { id: place.environmentId });
  const missing = await missingCopies(db, { ...environment, ...place, images: inputs.images });
  const seen = await reviewOf({ ...built, checks: [...built.checks, ...settled.checks] }, place, {
    left: settled.left,
    notThere: missing.map(({ component }) => component),
  });
  await transaction(async (tx) => {
    const review = await withoutLost(tx, actor, { seen, environment, images: inputs.images });
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
    const about = {
      actor: input.automatic ? null : actor,
      subject: "plan",
      subjectId: digest,
      projectKey: project.key,
    };
    if (!known) await recordAudit(tx, { ...about, action: "plan.compute", data: { inputs } });
    if (!chosen) return;
    await recordAudit(tx, {
      ...about,
      action: "plan.choose",
      data: { before: { choices: kept }, after: { choices: inputs.choices } },
    });
  });
  return getPlan(actor, digest, built);
}

/** @throws AppError FORBIDDEN for who may neither deploy nor approve there; BLOCKED for a choice that cannot work */
async function requireChooser(
  actor: Actor,
  place: PlanPlace,
  choices: readonly ConflictChoice[],
): Promise<void> {
  const environment = await environmentFacts(db, place.projectId, { id: place.environmentId });
  const blockers = chooseBlockers(actor.rights, place.projectId, environment, await databaseTime(db));
  const [missing] = blockers;
  if (missing) throw new AppError("FORBIDDEN", missing.message, { blockers });
  const vain = pointless(choices);
  if (vain.length > 0)
    throw new AppError("BLOCKED", vain.map(({ message }) => message).join("; "), { blockers: vain });
}

/** Which choices still meet a conflict: the objects that they are about are looked at as they are without them. */
async function settle(plain: BuiltPlan, asked: readonly ConflictChoice[], place: PlanPlace) {
  if (asked.length === 0) return { standing: [], checks: [], left: [] };
  const targets = plain.manifests.targets.flatMap((target) => {
    const names = asked
      .filter(({ cluster, namespace }) => cluster === target.cluster && namespace === target.namespace)
      .map(({ object }) => object);
    const objects = target.objects.filter(
      ({ manifest }) => names.includes(objectName(manifest)) || manifest.kind === AUTOSCALER_KIND.kind,
    );
    return names.length === 0 ? [] : [{ ...target, objects }];
  });
  const found = await lookAtTargets(targets, place);
  const met = found.flatMap(({ cluster, namespace, objects }) =>
    objects.flatMap(({ manifest, conflicts }) =>
      conflicts.map(
        (conflict): LeftField => ({ cluster, namespace, object: objectName(manifest), ...conflict }),
      ),
    ),
  );
  const unseen = found.filter(({ reachable }) => !reachable);
  const { standing, checks } = settleChoices(asked, met, unseen);
  const left = met.flatMap((field): LeftField[] => {
    const decided = conflictKey(field);
    const leave = standing.some((choice) => choice.choice === "leave" && conflictKey(choice) === decided);
    return leave ? [{ ...field, choice: "leave" }] : [];
  });
  return { standing, checks, left };
}
