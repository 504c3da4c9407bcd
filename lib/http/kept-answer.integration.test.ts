import { expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { once } = await import("./idempotency.ts");

it("keeps neither an answer nor a request in a form that can be read in the database", async () => {
  const { id: userId } = await db.user.create({ data: { username: "dev", displayName: "陈晓" } });
  const request = {
    userId,
    key: "k",
    method: "POST",
    path: "/api/v1/tokens",
    body: '{"password":"hunter2"}',
  };
  const answer = { status: 201, body: { token: "rft_shown-once" } };
  await once(request, async () => answer);
  const again = await once(request, async () => {
    throw new Error("done twice");
  });
  expect(again).toEqual(answer);
  const [row] = await db.$queryRaw<{ text: string }[]>`SELECT t::text AS text FROM "IdempotencyKey" t`;
  expect(row?.text).toContain(userId);
  expect(row?.text).not.toContain("shown-once");
  const { createHash } = await import("node:crypto");
  const guess = createHash("sha256").update(`POST ${request.path}\n${request.body}`).digest("hex");
  expect(row?.text).not.toContain(guess);
  // Moved to another person's key it says nothing.
  await db.idempotencyKey.update({ where: { userId_key: { userId, key: "k" } }, data: { key: "other" } });
  await expect(once({ ...request, key: "other" }, async () => answer)).rejects.toThrow();
});
