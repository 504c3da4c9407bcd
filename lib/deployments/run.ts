import { z } from "zod";
import { db, type Tx } from "#lib/db.ts";
import { FAILURE_POLICIES, WAVE_GATES } from "#lib/environments/schema.ts";
import { AppError } from "#lib/errors.ts";
import { planContent } from "#lib/plans/kept.ts";
import { stepInputSchema } from "#lib/strategies/schema.ts";
import { causeSchema, progressSchema, stepDetailSchema } from "./content.ts";
import { DEPLOYMENT_STATES, STEP_NAMES, STEP_STATES, TARGET_RUN_STATES } from "./state.ts";

const stepState = z.enum(STEP_STATES);
const stepName = z.enum(STEP_NAMES);

const IN_PLACE = ["applied", "taken_over", "already"];
const isInPlace = ({ result }: { result: string }) => IN_PLACE.includes(result);

/** A deployment with all that carrying it out needs; steps are those of each target's last attempt. */
export async function loadRun(id: string, tx: Tx = db) {
  const row = await tx.deployment.findUnique({
    where: { id },
    select: {
      id: true,
      kind: true,
      state: true,
      version: true,
      attempt: true,
      createdById: true,
      createdAt: true,
      startedAt: true,
      scheduledAt: true,
      cancelRequestedAt: true,
      pausedAt: true,
      waveContinued: true,
      automaticFor: true,
      cause: true,
      project: { select: { id: true, key: true } },
      environment: {
        select: {
          id: true,
          key: true,
          observeSeconds: true,
          waveGate: true,
          wavePauseSeconds: true,
          maxFailedTargets: true,
          onFailure: true,
        },
      },
      release: { select: { id: true, number: true } },
      plan: { select: { id: true, digest: true } },
      targets: {
        orderBy: [{ wave: "asc" }, { id: "asc" }],
        select: {
          id: true,
          targetId: true,
          wave: true,
          state: true,
          version: true,
          startedAt: true,
          endedAt: true,
          cause: true,
          comparison: true,
          progress: true,
          target: { select: { clusterId: true, namespace: true, cluster: { select: { key: true } } } },
          steps: {
            orderBy: [{ attempt: "asc" }, { position: "asc" }],
            select: {
              id: true,
              name: true,
              attempt: true,
              position: true,
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
  const { plan, targets, ...rest } = row;
  return {
    ...rest,
    state: z.enum(DEPLOYMENT_STATES).parse(row.state),
    cause: row.cause === null ? null : causeSchema.parse(row.cause),
    kind: z.enum(["deploy", "rollback"]).parse(row.kind),
    environment: {
      ...row.environment,
      waveGate: z.enum(WAVE_GATES).parse(row.environment.waveGate),
      onFailure: z.enum(FAILURE_POLICIES).parse(row.environment.onFailure),
    },
    plan: { ...plan, ...(await planContent(tx, plan.id)) },
    targets: targets.map(({ target, steps, comparison, ...run }) => {
      const last = steps.at(-1)?.attempt;
      const details = steps.map(({ detail }) => (detail === null ? null : stepDetailSchema.parse(detail)));
      return {
        ...run,
        /** Whether its failure was held beside a healthy target. */
        compared: comparison !== null,
        state: z.enum(TARGET_RUN_STATES).parse(run.state),
        cause: run.cause === null ? null : causeSchema.parse(run.cause),
        progress: run.progress === null ? [] : progressSchema.parse(run.progress),
        clusterId: target.clusterId,
        cluster: target.cluster.key,
        namespace: target.namespace,
        /** Objects that some attempt has put in place. */
        applied: details.flatMap((detail) =>
          (detail?.objects ?? []).filter(isInPlace).map(({ object }) => object),
        ),
        steps: steps
          .filter(({ attempt }) => attempt === last)
          .map((step) => ({
            ...step,
            name: stepName.parse(step.name),
            state: stepState.parse(step.state),
            detail: step.detail === null ? null : stepDetailSchema.parse(step.detail),
            input: stepInputSchema.parse(step.input ?? {}),
          })),
      };
    }),
  };
}

export type Run = Awaited<ReturnType<typeof loadRun>>;
export type TargetRun = Run["targets"][number];
export type StepRun = TargetRun["steps"][number];

/** Topics of everything that happens to a deployment. */
export const runTopics = (run: {
  id: string;
  project: { key: string };
  environment: { key: string };
  release: { number: string };
}): string[] => [
  `deployment:${run.id}`,
  `release:${run.release.number}`,
  `environment:${run.project.key}/${run.environment.key}`,
  `project:${run.project.key}`,
];

/** The plan's part for one target run. @throws Error when the plan does not know the target */
export function planOf(run: Run, target: TargetRun): Run["plan"]["manifests"]["targets"][number] {
  const found = run.plan.manifests.targets.find(({ targetId }) => targetId === target.targetId);
  if (!found) throw new Error(`plan ${run.plan.digest} has no target ${target.targetId}`);
  return found;
}
