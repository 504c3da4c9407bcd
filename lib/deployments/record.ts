import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { NewEvent } from "#lib/held-back.ts";
import { toJson } from "#lib/plans/json.ts";
import { NOW } from "#lib/stages/time.ts";
import { mayFollow } from "#lib/state-machine.ts";
import { type CauseInput, causeSchema } from "./content.ts";
import { type Run, runTopics } from "./run.ts";
import { DEPLOYMENT_TRANSITIONS, type DeploymentState } from "./state.ts";

/** A cause as the database gives it back, and a JSON value as a statement takes it. */
export const causeValue = (cause: CauseInput | null) => (cause === null ? null : causeSchema.parse(cause));
export const jsonText = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
export const causeJson = (cause: CauseInput | null) =>
  cause === null ? Prisma.DbNull : toJson(causeSchema.parse(cause));
export type RunNames = Pick<Run, "id" | "project" | "release"> & { environment: { id: string; key: string } };

/**
 * Moves a deployment inside the caller's transaction, with its event; the audit entry is the caller's.
 * @returns how it is then
 * @throws AppError INVALID_STATE | VERSION_CONFLICT
 */
export async function moveDeployment(
  tx: Tx,
  run: RunNames & Pick<Run, "state" | "version" | "kind">,
  to: DeploymentState,
  input: { cause?: CauseInput | null; ended?: boolean; started?: boolean; attempt?: number } = {},
): Promise<Pick<Run, "state" | "version" | "startedAt">> {
  if (!mayFollow(DEPLOYMENT_TRANSITIONS, run.state, to)) {
    throw new AppError("INVALID_STATE", `a deployment that is ${run.state} does not become ${to}`);
  }
  const { cause, ended, started = false, attempt } = input;
  // A pause is over with the run that it was asked for.
  const unpaused = ended === true || attempt !== undefined;
  const [moved] = await tx.$queryRaw<{ version: number; startedAt: Date | null }[]>`
    UPDATE "Deployment" SET state = ${to}, version = version + 1,
      cause = CASE WHEN ${cause !== undefined} THEN ${jsonText(causeValue(cause ?? null))}::jsonb ELSE cause END,
      "endedAt" = CASE WHEN ${ended === true} THEN ${NOW} WHEN ${ended === false} THEN NULL ELSE "endedAt" END,
      "startedAt" = CASE WHEN ${started} THEN ${NOW} ELSE "startedAt" END,
      attempt = coalesce(${attempt ?? null}::int, attempt),
      "cancelRequestedAt" = CASE WHEN ${attempt === undefined} THEN "cancelRequestedAt" END,
      "pausedAt" = CASE WHEN ${!unpaused} THEN "pausedAt" END
    WHERE id = ${run.id}::uuid AND version = ${run.version} AND state = ${run.state}
    RETURNING version, "startedAt"`;
  if (!moved) throw new AppError("VERSION_CONFLICT", "the deployment has moved meanwhile");
  await emit(tx, movedEvent(run, to, cause));
  return { state: to, ...moved };
}

export const movedEvent = (
  run: RunNames & Pick<Run, "kind">,
  to: DeploymentState,
  cause?: CauseInput | null,
): NewEvent => ({
  topics: runTopics(run),
  type: `deployment.${to}`,
  data: {
    id: run.id,
    kind: run.kind,
    state: to,
    release: run.release.number,
    environment: run.environment.key,
    ...(cause ? { cause: cause.code } : {}),
  },
});

export const auditDeployment = (
  tx: Tx,
  run: RunNames,
  actor: Actor | null,
  action: string,
  data: Record<string, unknown>,
): Promise<void> =>
  recordAudit(tx, {
    actor,
    action: `deployment.${action}`,
    subject: "deployment",
    subjectId: run.id,
    projectKey: run.project.key,
    data: { release: run.release.number, environment: run.environment.key, ...data },
  });
