import type { BuildServer, ServerBuild } from "#lib/adapters/ports.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { type BuildRow, buildEvent } from "./row.ts";

/** Says why a build does not go on, when that has changed. */
export async function waitFor(build: BuildRow, reason: string | null): Promise<void> {
  const text = reason?.slice(0, 500) ?? null;
  if (text === build.queueReason) return;
  await transaction(async (tx) => {
    await tx.build.updateMany({ where: { id: build.id }, data: { queueReason: text } });
    const { topics, names } = buildEvent(build);
    await emit(tx, { topics: topics.slice(0, 2), type: "build.waiting", data: { ...names, reason: text } });
  });
}

/** Records what the build server calls this attempt. */
export async function noteRecord(
  build: BuildRow,
  record: { queueId: number | null; number: number | null },
): Promise<void> {
  await db.build.updateMany({
    where: { id: build.id, state: build.state },
    data: { queueId: record.queueId ?? build.queueId, number: record.number, version: { increment: 1 } },
  });
}

/** `queued -> running`, with the times of the build server. */
export async function markRunning(build: BuildRow, seen: ServerBuild): Promise<void> {
  await transaction(async (tx) => {
    const { count } = await tx.build.updateMany({
      where: { id: build.id, state: "queued" },
      data: {
        state: "running",
        version: { increment: 1 },
        number: seen.number,
        url: seen.url,
        node: seen.node,
        startedAt: seen.startedAt ?? new Date(),
        queueReason: null,
      },
    });
    if (count === 0) return;
    const { topics, names } = buildEvent(build);
    await emit(tx, { topics, type: "build.running", data: { ...names, state: "running" } });
    await recordAudit(tx, {
      actor: null,
      action: "build.start",
      subject: "build",
      subjectId: build.id,
      projectKey: build.item.component.project.key,
      data: { ...names, number: seen.number },
    });
  });
}

/** Stops a running build once; that the server took it is kept beside the name of who asked. */
export async function stopBuild(
  build: BuildRow,
  number: number,
  server: BuildServer,
  signal: AbortSignal,
): Promise<void> {
  await server.stop(number, { signal });
  if (!build.cause) return;
  const cause = { ...build.cause, facts: { ...build.cause.facts, stopSent: 1 } };
  await db.build.updateMany({ where: { id: build.id, state: "running" }, data: { cause } });
}
