import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { emit } from "#lib/events/emit.ts";
import { type ShownState, shownState } from "./shown-state.ts";
import { RELEASE_STATES, type ReleaseState } from "./state.ts";

const stateSchema = z.enum(RELEASE_STATES);

/** Locks a release's row: taken first by everything that changes its builds or its state. */
export async function lockRelease(
  tx: Tx,
  releaseId: string,
): Promise<{ state: ReleaseState; version: number }> {
  const [row] = await tx.$queryRaw<{ state: string; version: number }[]>`
    SELECT state, version FROM "Release" WHERE id = ${releaseId}::uuid FOR UPDATE`;
  if (!row) throw new Error("the release is gone");
  return { state: stateSchema.parse(row.state), version: row.version };
}

/** What a release becomes from its items: each has an artifact, or its newest build (null: none yet). */
export function outcomeOf(
  items: readonly { artifact: boolean; build: string | null }[],
): "building" | "built" | "build_failed" {
  const open = items.filter(({ artifact }) => !artifact);
  if (open.some(({ build }) => build === "queued" || build === "running")) return "building";
  return open.length === 0 ? "built" : "build_failed";
}

const endingOf = (shown: ShownState) =>
  shown === "built"
    ? "release.finish_build"
    : shown === "build_aborted"
      ? "release.abort_build"
      : "release.fail_build";

/**
 * Decides a release whose row the caller has locked, after one of its builds ended. The path is kept: a failed release
 * whose last missing artifact was accepted passes through `building`.
 * @returns writes the audit entry; called last by the caller, after its own
 */
export async function settleRelease(
  tx: Tx,
  releaseId: string,
  actor: Actor | null,
): Promise<() => Promise<void>> {
  const release = await tx.release.findUniqueOrThrow({
    where: { id: releaseId },
    select: {
      number: true,
      state: true,
      project: { select: { key: true } },
      items: {
        select: {
          artifact: { select: { id: true } },
          builds: { select: { state: true }, orderBy: { attempt: "desc" }, take: 1 },
        },
      },
    },
  });
  const items = release.items.map(({ artifact, builds: [build] }) => ({ artifact, build: build ?? null }));
  const outcome = outcomeOf(
    items.map(({ artifact, build }) => ({ artifact: artifact !== null, build: build?.state ?? null })),
  );
  const before = stateSchema.parse(release.state);
  const accepted = before === "build_failed" && outcome === "built";
  if ((before !== "building" && !accepted) || outcome === "building") return async () => {};
  await tx.release.update({
    where: { id: releaseId },
    data: { state: outcome, version: { increment: accepted ? 2 : 1 } },
  });
  const topics = [`release:${release.number}`, `project:${release.project.key}`];
  const states = accepted ? (["building", outcome] as const) : ([outcome] as const);
  for (const state of states) {
    await emit(tx, { topics, type: `release.${state}`, data: { number: release.number, state } });
  }
  return () =>
    recordAudit(tx, {
      actor,
      action: endingOf(shownState(outcome, items)),
      subject: "release",
      subjectId: release.number,
      projectKey: release.project.key,
      data: { before, after: outcome },
    });
}
