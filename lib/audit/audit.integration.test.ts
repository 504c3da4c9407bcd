import { beforeAll, expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { loadActor } = await import("#lib/access/actor.ts");
const { listAudit, verifyAudit } = await import("./queries.ts");
const { recordAudit } = await import("./record.ts");

type Actor = NonNullable<Awaited<ReturnType<typeof loadActor>>>;
let auditor: Actor;
let outsider: Actor;
const actorOf = async (username: string, globalRoles: string[]) => {
  const { id } = await db.user.create({ data: { username, displayName: username, globalRoles } });
  const actor = await loadActor(id);
  if (!actor) throw new Error("no actor");
  return actor;
};
const write = (subjectId: string) =>
  db.$transaction((tx) =>
    recordAudit(tx, {
      actor: auditor,
      action: "release.create",
      subject: "release",
      subjectId,
      projectKey: "quotes",
      data: { 标题: "行情", nested: { b: 1, a: [new Date(0), null] } },
    }),
  );

beforeAll(async () => {
  auditor = await actorOf("auditor", ["auditor"]);
  outsider = await actorOf("outsider", []);
});

it("chains entries of writers that come at once", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => write(`r${n}`)));
  expect(await verifyAudit(auditor)).toMatchObject({ ok: true, entries: 20, broken: null });
});

it("leaves no gap when a transaction rolls back", async () => {
  await expect(
    db.$transaction(async (tx) => {
      await recordAudit(tx, { actor: null, action: "x.y", subject: "x", subjectId: "1", projectKey: null });
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  await write("after");
  expect(await verifyAudit(auditor)).toMatchObject({ ok: true });
});

it("is read by those who may, in pages, newest first", async () => {
  const first = await listAudit(auditor, { limit: 5, project: "quotes" });
  expect(first.items).toHaveLength(5);
  const second = await listAudit(auditor, { limit: 5, cursor: first.nextCursor ?? "" });
  expect(Number(second.items[0]?.seq)).toBe(Number(first.items.at(-1)?.seq) - 1);
  await expect(listAudit(outsider, { limit: 5 })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

it.each([`UPDATE "AuditEntry" SET action = 'x'`, `DELETE FROM "AuditEntry"`, `TRUNCATE "AuditEntry"`])(
  "refuses %s",
  async (sql) => {
    await expect(db.$executeRawUnsafe(sql)).rejects.toThrow();
  },
);

it("finds an entry that was changed behind the portal's back", async () => {
  await db.$executeRawUnsafe(`ALTER TABLE "AuditEntry" DISABLE TRIGGER USER`);
  await db.$executeRawUnsafe(`UPDATE "AuditEntry" SET "actorName" = 'somebody' WHERE seq = 7`);
  expect(await verifyAudit(auditor)).toMatchObject({ ok: false, broken: { seq: "7", reason: "HASH" } });
  await db.$executeRawUnsafe(`DELETE FROM "AuditEntry" WHERE seq = 5`);
  expect(await verifyAudit(auditor)).toMatchObject({ ok: false, broken: { seq: "5", reason: "GAP" } });
});
