import type { Actor } from "#lib/access/actor.ts";
import { refuseIfBlocked } from "#lib/deployments/decision.ts";
import { AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";
import { AFRESH, sendCopy } from "./ask.ts";
import { getImageCopy } from "./queries.ts";
import { copyNamesSelect, noteCopy } from "./record.ts";
import type { ImageCopyDto } from "./schema.ts";

/**
 * Copies an image again that could not be copied or that the registry has lost, or at once one that waits for its next
 * attempt.
 * @throws AppError NOT_FOUND; FORBIDDEN | BLOCKED with every blocker; VERSION_CONFLICT
 */
export async function retryImageCopy({ actor, id }: { actor: Actor; id: string }): Promise<ImageCopyDto> {
  const before = await getImageCopy(actor, id);
  refuseIfBlocked(before.actions.retry.blockers);
  await transaction(async (tx) => {
    const { count } = await tx.imageCopy.updateMany({
      where: {
        id,
        state: before.state,
        attempts: before.attempts,
        // Somebody may have looked and found it again.
        ...(before.state === "copied" ? { goneSince: { not: null } } : {}),
      },
      data: { ...AFRESH, askedById: actor.id },
    });
    if (count === 0) throw new AppError("VERSION_CONFLICT", "the copy has moved meanwhile");
    const copy = await tx.imageCopy.findUniqueOrThrow({ where: { id }, select: copyNamesSelect });
    await noteCopy(tx, actor, "retry", copy, {
      before: {
        state: before.state,
        attempts: before.attempts,
        cause: before.cause,
        goneSince: before.goneSince,
      },
    });
    await sendCopy(tx, id);
  });
  return getImageCopy(actor, id);
}
