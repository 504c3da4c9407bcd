import { beforeAll, expect, it, vi } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { transaction } = await import("#lib/transaction.ts");
const { recordAudit } = await import("#lib/audit/record.ts");
const { once } = await import("./idempotency.ts");

let userId = "";
beforeAll(async () => {
  userId = (await db.user.create({ data: { username: "dev", displayName: "陈晓" } })).id;
});
const request = (key: string, body = "{}") => ({
  userId,
  key,
  method: "POST",
  path: "/api/v1/releases",
  body,
});

it("answers a repeat with the first answer, without doing it again", async () => {
  let done = 0;
  const work = async () => ({ status: 201, body: { n: ++done } });
  const first = await once(request("a"), work);
  expect(await once(request("a"), work)).toEqual(first);
  expect(done).toBe(1);
});

it("lets one of two through that come at once", async () => {
  let done = 0;
  const work = async () => {
    done += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { status: 202, body: null };
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => once(request("b"), work)));
  expect(done).toBe(1);
  expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(1);
});

it("refuses the key of another request, and frees the key of a failed one", async () => {
  await once(request("c"), async () => ({ status: 200, body: 1 }));
  await expect(once(request("c", '{"x":1}'), async () => ({ status: 200, body: 2 }))).rejects.toMatchObject({
    code: "IDEMPOTENCY_CONFLICT",
  });
  const refuse = async () => {
    throw new Error("refused");
  };
  await expect(once(request("d"), refuse)).rejects.toThrow("refused");
  expect(await once(request("d"), async () => ({ status: 200, body: 3 }))).toEqual({ status: 200, body: 3 });
});

it("does the work of a process that is gone, and leaves alone what is worked on", async () => {
  const { requestHash } = await db.idempotencyKey.findUniqueOrThrow({
    where: { userId_key: { userId, key: "a" } },
  });
  const left = (key: string, seconds: number) =>
    db.idempotencyKey.create({
      data: { userId, key, requestHash, createdAt: new Date(Date.now() - seconds * 1000) },
    });
  const answer = { status: 201, body: "again" };
  await left("gone", 60);
  expect(await once(request("gone"), async () => answer)).toEqual(answer);
  await left("there", 1);
  await expect(once(request("there"), async () => answer)).rejects.toMatchObject({ code: "REQUEST_RUNNING" });
});

it("says that it is there as long as it works", async () => {
  const where = { userId_key: { userId, key: "long" } };
  const gate = Promise.withResolvers<void>();
  const work = once(request("long"), async () => {
    await gate.promise;
    return { status: 200, body: 1 };
  });
  await vi.waitFor(() => db.idempotencyKey.findUniqueOrThrow({ where }));
  const { createdAt: first } = await db.idempotencyKey.findUniqueOrThrow({ where });
  const renewed = async () => {
    const { createdAt } = await db.idempotencyKey.findUniqueOrThrow({ where });
    expect(createdAt.getTime()).toBeGreaterThan(first.getTime());
  };
  await vi.waitFor(renewed, { timeout: 30_000, interval: 200 });
  gate.resolve();
  await work;
  expect(await once(request("long"), async () => ({ status: 500, body: 2 }))).toEqual({
    status: 200,
    body: 1,
  });
});

it("one that stood still and was given up changes nothing of what took its place", async () => {
  const where = { userId_key: { userId, key: "frozen" } };
  const gate = Promise.withResolvers<void>();
  const frozen = once(request("frozen"), async () => {
    await gate.promise;
    throw new Error("too late");
  });
  await vi.waitFor(() => db.idempotencyKey.findUniqueOrThrow({ where }));
  await db.idempotencyKey.update({ where, data: { createdAt: new Date(Date.now() - 60_000) } });
  const answer = { status: 200, body: "by the other" };
  expect(await once(request("frozen"), async () => answer)).toEqual(answer);
  gate.resolve();
  await expect(frozen).rejects.toThrow("too late");
  expect(await once(request("frozen"), async () => ({ status: 200, body: "again" }))).toEqual(answer);
});

/** What a click puts on record, in one transaction. */
const recorded = (subjectId: string) =>
  transaction((tx) =>
    recordAudit(tx, {
      actor: null,
      action: "release.create",
      subject: "release",
      subjectId,
      projectKey: null,
    }),
  );
const onRecord = (subjectId: string) => db.auditEntry.count({ where: { subjectId } });
const gone = (key: string) =>
  db.idempotencyKey.update({
    where: { userId_key: { userId, key } },
    data: { createdAt: new Date(Date.now() - 60_000) },
  });

it("does nothing again that a process had committed before it died", async () => {
  const neverAnswers = new Promise<never>(() => undefined);
  void once(request("died"), async () => {
    await recorded("died");
    return neverAnswers;
  });
  await vi.waitFor(async () => expect(await onRecord("died")).toBe(1), { timeout: 20_000 });
  const again = () =>
    once(request("died"), async () => {
      await recorded("died");
      return { status: 201, body: null };
    });
  await expect(again()).rejects.toMatchObject({ code: "REQUEST_RUNNING" });
  await gone("died");
  await expect(again()).rejects.toMatchObject({ code: "REQUEST_DONE" });
  expect(await onRecord("died")).toBe(1);
});

it("one that stood still and was given up has no effect beside that of what took its place", async () => {
  const gate = Promise.withResolvers<void>();
  const work = async () => {
    await recorded("stood still");
    return { status: 201, body: null };
  };
  const frozen = once(request("stood still"), () => gate.promise.then(work));
  await vi.waitFor(() => gone("stood still"));
  await once(request("stood still"), work);
  gate.resolve();
  await expect(frozen).rejects.toMatchObject({ code: "REQUEST_RUNNING" });
  expect(await onRecord("stood still")).toBe(1);
});

it("what goes on in the background after the answer is hindered by nothing", async () => {
  const gate = Promise.withResolvers<void>();
  let background: Promise<unknown> = Promise.resolve();
  await once(request("background"), async () => {
    background = gate.promise.then(() => recorded("background"));
    return { status: 202, body: null };
  });
  await db.idempotencyKey.delete({ where: { userId_key: { userId, key: "background" } } });
  gate.resolve();
  await background;
  expect(await onRecord("background")).toBe(1);
});
