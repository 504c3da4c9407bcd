import { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { RELEASE_STATES } from "#lib/releases/state.ts";
import { STAGE_ACTIONS, STAGE_STATES, type StageAction } from "./state.ts";

const stateSchema = z.object({ state: z.enum(RELEASE_STATES) });
const stageSchema = z.object({ state: z.enum(STAGE_STATES) });

/**
 * A release's stage with its neighbours, for someone who may act on it.
 * @throws AppError NOT_FOUND | FORBIDDEN
 */
export async function openStage(
  input: { actor: Actor; release: string; environment: string; action: StageAction },
  tx: Tx = db,
) {
  const { actor } = input;
  const release = await tx.release.findUnique({
    where: { number: input.release },
    select: {
      id: true,
      number: true,
      state: true,
      version: true,
      createdAt: true,
      project: { select: { id: true, key: true } },
      items: { select: { componentId: true } },
      stages: {
        select: {
          id: true,
          state: true,
          version: true,
          environment: { select: { id: true, key: true, rank: true } },
        },
        orderBy: { environment: { rank: "asc" } },
      },
    },
  });
  if (!release || !can(actor.rights, "project.read", release.project.id)) {
    throw new AppError("NOT_FOUND", `no release ${input.release}`);
  }
  requirePermission(actor, STAGE_ACTIONS[input.action].permission, release.project.id);
  const stages = release.stages.map((stage) => ({ ...stage, ...stageSchema.parse(stage) }));
  const index = stages.findIndex(({ environment }) => environment.key === input.environment);
  const stage = stages[index];
  if (!stage) throw new AppError("NOT_FOUND", `${input.environment} is not on the path of ${input.release}`);
  return {
    release: { ...release, ...stateSchema.parse(release) },
    stage,
    previous: stages[index - 1] ?? null,
    isLast: index === stages.length - 1,
  };
}
export type Place = Awaited<ReturnType<typeof openStage>>;
