import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { db } from "#lib/db.ts";
import { testDatabase } from "../testing/database.ts";

await testDatabase();

const entry = { at: new Date(), actorName: "ops", action: "test", subject: "test", subjectId: "1", data: {} };

test("an audit entry can be written, never changed, deleted or truncated", async () => {
  await db.auditEntry.create({ data: { ...entry, seq: 1n, prevHash: "", hash: "a" } });
  await expect(db.auditEntry.update({ where: { seq: 1n }, data: { action: "other" } })).rejects.toThrow(
    /append-only/,
  );
  await expect(db.auditEntry.delete({ where: { seq: 1n } })).rejects.toThrow(/append-only/);
  await expect(db.$executeRaw`TRUNCATE "AuditEntry"`).rejects.toThrow(/append-only/);
  expect(await db.auditEntry.findMany({ select: { seq: true, action: true } })).toEqual([
    { seq: 1n, action: "test" },
  ]);
});

test("the chain has one head and no second one", async () => {
  expect(await db.auditHead.findMany()).toEqual([{ id: 1, seq: 0n, hash: "" }]);
  await expect(db.auditHead.create({ data: { id: 2 } })).rejects.toThrow(/AuditHead_one_row/);
});

test("a state that is none is refused", async () => {
  await expect(
    db.environment.create({ data: { key: "X", name: "X", rank: 9, kind: "half-open" } }),
  ).rejects.toThrow(/Environment_kind/);
});

test("an environment of a project is held once at a time", async () => {
  const user = await db.user.create({ data: { username: "tester", displayName: "Tester" } });
  const project = await db.project.create({ data: { key: "pay", name: "Pay" } });
  const environment = await db.environment.create({
    data: { key: "FAT", name: "FAT", rank: 1, kind: "open" },
  });
  const release = await db.release.create({
    data: { number: "r1", projectId: project.id, title: "One", createdById: user.id },
  });
  const place = { projectId: project.id, environmentId: environment.id, releaseId: release.id };
  const first = await db.reservation.create({ data: { ...place, heldById: user.id } });
  await expect(db.reservation.create({ data: { ...place, heldById: user.id } })).rejects.toThrow(
    /Unique constraint/,
  );
  await db.reservation.update({ where: { id: first.id }, data: { releasedAt: new Date() } });
  await db.reservation.create({ data: { ...place, heldById: user.id } });

  await db.queueEntry.create({ data: { ...place, requestedById: user.id } });
  await expect(db.queueEntry.create({ data: { ...place, requestedById: user.id } })).rejects.toThrow(
    /Unique constraint/,
  );
});

test("a template's name is unique where it applies, the global place too", async () => {
  const environment = await db.environment.create({
    data: { key: "PROD", name: "PROD", rank: 3, kind: "controlled" },
  });
  const template = { environmentId: environment.id, name: `service-${randomUUID()}` };
  await db.template.create({ data: template });
  await expect(db.template.create({ data: template })).rejects.toThrow();
  const project = await db.project.create({ data: { key: "hr", name: "HR" } });
  await db.template.create({ data: { ...template, projectId: project.id } });
});
