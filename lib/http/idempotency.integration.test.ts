import { beforeAll, expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
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
