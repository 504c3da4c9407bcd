import { recordAudit } from "#lib/audit/record.ts";
import { hashPassword, verifyPassword } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { transaction } from "#lib/transaction.ts";
import { countOne, secondsLocked } from "./throttle.ts";

/** Failures in ten minutes after which a name, or an address, has to wait. */
const LIMIT = { user: 5, address: 30 };
const WINDOW = { windowSeconds: 600, lockSeconds: 600 };

export type SignInOutcome =
  | { ok: true; user: { id: string; displayName: string; sessionVersion: number } }
  /** What is shown, with the minutes to wait; it does not tell whether the name exists. */
  | { ok: false; reason: "WRONG_CREDENTIALS" | `THROTTLED:${number}` };

let decoy: Promise<string> | undefined;

/**
 * Checks name and password. Failures are counted in the database, so that every web process knows them.
 * A disabled user gets the same answer as a wrong password; an unknown name takes as long as a known one.
 */
export async function signIn(input: {
  username: string;
  password: string;
  address: string;
}): Promise<SignInOutcome> {
  const username = input.username.trim().toLowerCase();
  const keys = [
    { key: `user:${username}`, limit: LIMIT.user },
    ...(input.address ? [{ key: `address:${input.address}`, limit: LIMIT.address }] : []),
  ];
  const locked = await secondsLocked(keys.map(({ key }) => key));
  if (locked > 0) return { ok: false, reason: `THROTTLED:${Math.ceil(locked / 60)}` };

  const user = await db.user.findUnique({ where: { username } });
  decoy ??= hashPassword("nobody has this password");
  const matches = await verifyPassword(input.password, user?.passwordHash ?? (await decoy));
  if (!user || user.disabledAt || !user.passwordHash || !matches) {
    for (const { key, limit } of keys) await countOne(key, { ...WINDOW, limit });
    await transaction((tx) =>
      recordAudit(tx, {
        actor: null,
        action: "session.refused",
        subject: "user",
        subjectId: user?.id ?? username,
        projectKey: null,
        data: { username, address: input.address },
      }),
    );
    return { ok: false, reason: "WRONG_CREDENTIALS" };
  }
  await db.loginThrottle.deleteMany({ where: { key: `user:${username}` } });
  await transaction((tx) =>
    recordAudit(tx, {
      actor: { id: user.id, username: user.username, displayName: user.displayName, requestId: null },
      action: "session.create",
      subject: "user",
      subjectId: user.id,
      projectKey: null,
      data: { address: input.address },
    }),
  );
  return { ok: true, user };
}
