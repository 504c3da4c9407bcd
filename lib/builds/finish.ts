import type { ServerBuild } from "#lib/adapters/ports.ts";
import { type NewArtifact, recordArtifact } from "#lib/artifacts/record.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { emit } from "#lib/events/emit.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { enqueue } from "#lib/queue/enqueue.ts";
import { lockRelease, settleRelease } from "#lib/releases/settle.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { transaction } from "#lib/transaction.ts";
import { NO_WAIT } from "./progress.ts";
import { type BuildRow, buildEvent } from "./row.ts";
import type { Cause } from "./schema.ts";
import { nextForSlot } from "./slot.ts";

const AUDIT_VERB = { succeeded: "succeed", failed: "fail", aborted: "abort", unknown: "lose" } as const;

/**
 * Ends a build and, when it was the last of its release, decides the release: one transaction, with the release's row
 * locked first, so that two builds that end together do not both see the other as running.
 */
export async function endBuild(
  build: BuildRow,
  ending: {
    state: keyof typeof AUDIT_VERB;
    cause: Cause | null;
    build: ServerBuild | null;
    artifact: NewArtifact | null;
  },
): Promise<void> {
  const { state, cause, artifact } = ending;
  const { item } = build;
  await transaction(async (tx) => {
    await lockRelease(tx, item.release.id);
    const { count } = await tx.build.updateMany({
      where: { id: build.id, state: build.state },
      data: {
        state,
        version: { increment: 1 },
        endedAt: endOf(ending.build) ?? (await databaseTime(tx)),
        ...NO_WAIT,
        secretsEncrypted: null,
        cause: cause ?? Prisma.DbNull,
      },
    });
    if (count === 0) return;
    if (artifact) await recordArtifact(tx, artifact, { itemId: item.id, buildId: build.id });
    const { topics, names } = buildEvent(build);
    await emit(tx, {
      topics,
      type: `build.${state}`,
      data: {
        ...names,
        state,
        ...(cause ? { cause: cause.code } : {}),
        ...(artifact ? { digest: artifact.digest } : {}),
      },
    });
    const next = await nextForSlot(tx, item.component.project.id);
    if (next) await enqueue(tx, "build.reconcile", { buildId: next }, { key: `build:${next}` });
    const auditRelease = await settleRelease(tx, item.release.id, null);
    await recordAudit(tx, {
      actor: null,
      action: `build.${AUDIT_VERB[state]}`,
      subject: "build",
      subjectId: build.id,
      projectKey: item.component.project.key,
      data: {
        ...names,
        ...(cause ? { cause: cause.code } : {}),
        ...(artifact ? { image: artifact.image, digest: artifact.digest } : {}),
      },
    });
    await auditRelease();
  });
}

function endOf(build: ServerBuild | null): Date | null {
  if (!build?.startedAt || build.durationMs === null) return null;
  return new Date(build.startedAt.getTime() + build.durationMs);
}
