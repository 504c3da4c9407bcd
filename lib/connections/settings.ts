import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { transaction } from "#lib/transaction.ts";

type Row = { id: string; version: number };
type Found = { code: string; ok: boolean | null };
/** Of a check: what was found, and when. */
type Checked = { checkedAt: Date; checkResult: Found[] };
/** What was found with a former address or credential says nothing about the new one. */
export const UNCHECKED = { checkedAt: null, checkResult: [] };

/** What a change comes to; `before` and `after` are told to the audit trail, so no secret is in them. */
type Change<Data> = {
  data: Data;
  before: object;
  after: object;
  credential: "kept" | "replaced" | "dropped";
};
type Which = { actor: Actor; key: string };

/**
 * How the other systems that the portal talks to are registered, changed and checked: by admins alone, never over
 * somebody else's change, and with an audit entry that has no secret. What is particular about one is passed in.
 * @param kind.subject as the audit trail calls it, e.g. `source-host`
 * @param kind.noun as messages call it, e.g. `Git host`
 * @param kind.write changes the row if its version is still that one, and counts it
 */
export function systemSettings<R extends Row, Data, Dto extends { key: string }>(kind: {
  subject: string;
  noun: string;
  list: (actor: Actor) => Promise<{ items: Dto[] }>;
  find: (tx: Tx, key: string) => Promise<R | null>;
  write: (
    tx: Tx,
    where: Row,
    data: (Data & { version: { increment: 1 } }) | Checked,
  ) => Promise<{ count: number }>;
}) {
  const { subject, noun } = kind;
  const note = (tx: Tx, { actor, key }: Which, verb: string, data: Record<string, unknown>) =>
    recordAudit(tx, {
      actor,
      action: `${subject}.${verb}`,
      subject,
      subjectId: key,
      projectKey: null,
      data,
    });
  async function read({ actor, key }: Which): Promise<Dto> {
    const dto = (await kind.list(actor)).items.find((one) => one.key === key);
    if (!dto) throw new AppError("NOT_FOUND", `no ${noun} ${key}`);
    return dto;
  }
  async function known(tx: Tx, key: string): Promise<R> {
    const row = await kind.find(tx, key);
    if (!row) throw new AppError("NOT_FOUND", `no ${noun} ${key}`);
    return row;
  }
  async function write(...input: Parameters<typeof kind.write>): Promise<void> {
    const { count } = await kind.write(...input);
    if (count === 0) throw new AppError("VERSION_CONFLICT", "somebody else changed it meanwhile");
  }
  return {
    /** @throws AppError FORBIDDEN; CONFLICT when the key is taken */
    async create(which: Which, after: object, make: (tx: Tx) => Promise<unknown>): Promise<Dto> {
      requirePermission(which.actor, "platform.manage");
      await transaction(async (tx) => {
        if (await kind.find(tx, which.key)) throw new AppError("CONFLICT", `${noun} ${which.key} exists`);
        await make(tx);
        await note(tx, which, "create", { after });
      });
      return read(which);
    },
    /** @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT */
    async update(
      which: Which & { version: number },
      decide: (row: R, tx: Tx) => Promise<Change<Data>>,
    ): Promise<Dto> {
      requirePermission(which.actor, "platform.manage");
      await transaction(async (tx) => {
        const row = await known(tx, which.key);
        const { data, ...told } = await decide(row, tx);
        const where = { id: row.id, version: which.version };
        await write(tx, where, { ...data, version: { increment: 1 } });
        await note(tx, which, "update", told);
      });
      return read(which);
    },
    /** @throws AppError FORBIDDEN; NOT_FOUND; VERSION_CONFLICT when it was changed meanwhile */
    async check(which: Which, look: (row: R) => Promise<Found[]>): Promise<Dto> {
      requirePermission(which.actor, "platform.manage");
      const row = await known(db, which.key);
      const checkResult = await look(row);
      await transaction(async (tx) => {
        const where = { id: row.id, version: row.version };
        await write(tx, where, { checkedAt: new Date(), checkResult });
        const failed = checkResult.filter(({ ok }) => ok === false).map(({ code }) => code);
        await note(tx, which, "check", { failed });
      });
      return read(which);
    },
    /** @throws AppError FORBIDDEN; NOT_FOUND */
    async remove(which: Which, unmake: (row: R, tx: Tx) => Promise<{ before: object }>): Promise<undefined> {
      requirePermission(which.actor, "platform.manage");
      await transaction(async (tx) => {
        await note(tx, which, "delete", await unmake(await known(tx, which.key), tx));
      });
    },
  };
}
