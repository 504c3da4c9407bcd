import type { BuildServer, ServerBuild } from "#lib/adapters/ports.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { type BuildRow, buildEvent } from "./row.ts";
import type { Wait } from "./wait.ts";

/** Nothing keeps it waiting. */
export const NO_WAIT = { queueWhy: null, queueReason: null, queueAhead: null } as const;

/** Says why a build does not go on, when that has changed. */
export async function waitFor(build: BuildRow, wait: Wait | null): Promise<void> {
  const told = {
    queueWhy: wait?.why ?? null,
    queueReason: wait ? wait.reason.slice(0, 500) || null : null,
    queueAhead: wait?.ahead ?? null,
  };
  const same = told.queueWhy === build.queueWhy && told.queueAhead === build.queueAhead;
  // The quiet period counts down in its text.
  if (same && (told.queueReason === build.queueReason || told.queueWhy === "QUIET")) return;
  await transaction(async (tx) => {
    const { count } = await tx.build.updateMany({ where: { id: build.id, state: build.state }, data: told });
    if (count === 0) return;
    const { topics, names } = buildEvent(build);
    const data = { ...names, why: told.queueWhy, reason: told.queueReason, ahead: told.queueAhead };
    await emit(tx, { topics: topics.slice(0, 2), type: "build.waiting", data });
  });
}

/** Since when the build server shows no trace of it; `null` once it does again. */
export async function noteMissing(build: BuildRow, since: Date | null): Promise<void> {
  await db.build.updateMany({ where: { id: build.id, state: build.state }, data: { missingSince: since } });
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
        estimatedMs: seen.estimatedMs,
        // Who runs keeps its place.
        supersededById: null,
        ...NO_WAIT,
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
