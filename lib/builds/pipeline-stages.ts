import type { BuildServer, BuildStage } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { type BuildRow, buildEvent } from "./row.ts";
import { type StoredStage, storedStagesSchema } from "./schema.ts";

/** As they are stored: the time of a stage that runs is counted by whoever shows it, or each look would be news. */
export function storedStages(stages: readonly BuildStage[]): StoredStage[] {
  return stages.map(({ name, state, startedAt, durationMs }) => ({
    name,
    state,
    startedAt: startedAt?.toISOString() ?? null,
    durationMs: state === "running" || state === "paused" ? null : durationMs,
  }));
}

/**
 * Asks for the stages of a pipeline and keeps what has changed. A job that has none is asked once. They are for the eye
 * alone: a server that does not tell them holds up no build.
 */
export async function noteStages(
  build: Pick<BuildRow, "id" | "attempt" | "item">,
  number: number,
  server: Pick<BuildServer, "stages">,
  signal: AbortSignal,
): Promise<void> {
  const row = await db.build.findUniqueOrThrow({ where: { id: build.id }, select: { stages: true } });
  const known = storedStagesSchema.nullable().parse(row.stages);
  if (known?.length === 0) return;
  let told: BuildStage[] | null;
  try {
    told = await server.stages(number, { signal });
  } catch (error) {
    if (error instanceof AdapterError) return;
    throw error;
  }
  // A pipeline that has only begun has no stage yet.
  if (told?.length === 0) return;
  const stages = storedStages(told ?? []);
  if (JSON.stringify(stages) === JSON.stringify(known)) return;
  await transaction(async (tx) => {
    await tx.build.update({ where: { id: build.id }, data: { stages } });
    const { topics, names } = buildEvent(build);
    await emit(tx, { topics: topics.slice(0, 1), type: "build.stages", data: names });
  });
}
