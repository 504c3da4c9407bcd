import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type PlanReview, planInputsSchema } from "#lib/plans/content.ts";
import type { RollbackSource } from "#lib/plans/rollback.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { computeRollback } from "#lib/plans/service.ts";
import { allow } from "./allow.ts";
import type { Run } from "./run.ts";

type Candidate = { id: string; release: string; releaseId: string; components: string[] };

/**
 * Makes a plan from the stored manifests of earlier successful deployments. `to` names one; without it the one that
 * ran before {id} is taken when {id} failed or is what runs now, and {id} itself when it is an earlier success.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; INVALID_STATE when there is nothing to go back to
 */
export async function rollbackDeployment(input: { actor: Actor; id: string; to?: string }): Promise<PlanDto> {
  const { actor, id, to } = input;
  const { run } = await allow("rollback", actor, id);
  return planRollback(run, { actor, to: to ?? null });
}

/**
 * The plan of a rollback, with a fresh look at the clusters; whether anybody may ask for it is the caller's business.
 * @throws AppError INVALID_STATE when there is nothing to go back to
 */
export async function planRollback(
  run: Run,
  input: { actor: Actor; to: string | null; automatic?: boolean },
): Promise<PlanDto> {
  const { actor, to, automatic = false } = input;
  const place = { projectId: run.project.id, environmentId: run.environment.id };
  const succeeded = await successes(place);
  const components = run.plan.inputs.images.map(({ component }) => component);
  const { sources, missing } = chooseSources({ id: run.id, to, components, succeeded });
  const [main] = sources;
  const release = succeeded.find(({ id: source }) => source === main?.deployment);
  if (!main || !release) {
    throw new AppError("INVALID_STATE", "there is no earlier successful deployment to go back to", {
      blockers: [
        { code: "NOTHING_TO_RESTORE", message: "nothing was deployed here before", facts: {}, liftedBy: [] },
      ],
    });
  }
  const warnings = missing.map((component): PlanReview["checks"][number] => ({
    code: "NO_EARLIER_VERSION",
    state: "warning",
    message: `${component} was not here before and stays as it is`,
    facts: { component },
  }));
  return computeRollback({ actor, ...place, releaseId: release.releaseId, sources, warnings, automatic });
}

/** Successful deployments of an environment, newest first; a rollback counts as what it restored. */
async function successes(place: { projectId: string; environmentId: string }): Promise<Candidate[]> {
  const rows = await db.deployment.findMany({
    where: { ...place, state: "succeeded" },
    orderBy: { id: "desc" },
    take: 200,
    select: {
      id: true,
      releaseId: true,
      release: { select: { number: true } },
      plan: { select: { inputs: true } },
    },
  });
  return rows.map(({ id, releaseId, release, plan }) => ({
    id,
    releaseId,
    release: release.number,
    components: planInputsSchema.parse(plan.inputs).images.map(({ component }) => component),
  }));
}

/**
 * Where each component's manifests come from. Pure.
 * @param input.succeeded newest first; ids grow with time
 * @throws AppError INVALID_INPUT when `to` is no successful deployment here
 */
export function chooseSources(input: {
  id: string;
  to: string | null;
  components: readonly string[];
  succeeded: readonly Candidate[];
}): { sources: RollbackSource[]; missing: string[] } {
  const { id, to, components, succeeded } = input;
  const all = ({ id: deployment, release, components: own }: Candidate) => ({
    sources: own.map((component) => ({ component, deployment, release })),
    missing: [],
  });
  const named = succeeded.find((candidate) => candidate.id === to);
  if (named) return all(named);
  if (to) throw new AppError("INVALID_INPUT", "no successful deployment of this environment has that id");
  const own = succeeded.find((candidate) => candidate.id === id);
  const overlaps = (candidate: Candidate) =>
    candidate.components.some((component) => components.includes(component));
  if (own && succeeded.find(overlaps) !== own) return all(own);
  // What it put there is undone component by component: each goes back to what it was.
  const before = succeeded.filter((candidate) => candidate.id < id);
  const sources = components.flatMap((component): RollbackSource[] => {
    const source = before.find((candidate) => candidate.components.includes(component));
    return source ? [{ component, deployment: source.id, release: source.release }] : [];
  });
  const missing = components.filter((component) => !sources.some((source) => source.component === component));
  return {
    sources: sources.sort((a, b) => (a.deployment < b.deployment ? 1 : a.deployment > b.deployment ? -1 : 0)),
    missing,
  };
}
