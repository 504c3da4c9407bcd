import { AsyncLocalStorage } from "node:async_hooks";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";

/** The process that does the work of a request with an Idempotency-Key. */
export type RequestClaim = {
  userId: string;
  key: string;
  /** Of this process's try alone. */
  claimId: string;
  /** The request was answered: what still runs of it in the background is no part of it. */
  ended: boolean;
};

const claims = new AsyncLocalStorage<RequestClaim>();

/** Whatever `work` records in transactions counts as done by this request. */
export const underClaim = <Result>(claim: RequestClaim, work: () => Promise<Result>): Promise<Result> =>
  claims.run(claim, work);

/**
 * Puts on record, in the transaction that does it, that the request which is served has had its effect: when the process
 * dies before it answers, a repeat must not have it again. No effect outside of a request with a key.
 * @throws AppError REQUEST_RUNNING when this process stood still for so long that another does the work now
 */
export async function recordEffect(tx: Tx): Promise<void> {
  const claim = claims.getStore();
  if (claim === undefined || claim.ended) return;
  const { userId, key, claimId } = claim;
  const { count } = await tx.idempotencyKey.updateMany({
    where: { userId, key, claimId },
    data: { hadEffect: true },
  });
  if (count === 0) throw new AppError("REQUEST_RUNNING", "another process does this request by now");
}
