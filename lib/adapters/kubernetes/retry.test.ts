import { describe, expect, test } from "vitest";
import { MAX_TRIES, mayHaveHappened, type Tried, waitBeforeNext } from "./retry.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const answer = (status: number, headers = {}, body = ""): Tried => ({ status, headers, body });
const lost = (code: string): Tried => ({
  error: new Error("get x", { cause: Object.assign(new Error(code), { code }) }),
});
const wait = (tried: Tried, input: { tries?: number; repeatable?: boolean; random?: number } = {}) => {
  const { tries = 1, repeatable = true, random = 1 } = input;
  return waitBeforeNext(tried, { tries, repeatable, now: NOW, random: () => random });
};
const complaint = JSON.stringify({
  kind: "Status",
  message:
    "failed to create typed patch object (x; apps/v1, Kind=Deployment): .spec.a: field not declared in schema",
  code: 500,
});

describe("whether a request is sent again", () => {
  test.each([
    ["429", answer(429), true, true],
    ["500", answer(500), true, false],
    ["500 that finds fault with the object", answer(500, {}, complaint), false, false],
    ["502", answer(502), true, false],
    ["503", answer(503), true, false],
    ["504", answer(504), true, false],
    ["501", answer(501), false, false],
    ["409", answer(409), false, false],
    ["200", answer(200), false, false],
    ["a connection that was cut", lost("ECONNRESET"), true, false],
    ["a connection that was refused: it never arrived", lost("ECONNREFUSED"), true, true],
    ["a name that cannot be asked for now", lost("EAI_AGAIN"), true, false],
    ["a name that is unknown", lost("ENOTFOUND"), false, false],
    ["a certificate that is not trusted", lost("DEPTH_ZERO_SELF_SIGNED_CERT"), false, false],
    ["a time limit of ours", { error: new Error("no answer within 5 ms") }, false, false],
  ])("%s", (_, tried, harmless, other) => {
    expect(wait(tried, { repeatable: true }) !== null).toBe(harmless);
    expect(wait(tried, { repeatable: false }) !== null).toBe(other);
  });

  test("never more often than stated", () => {
    expect(wait(answer(429), { tries: MAX_TRIES - 1 })).not.toBeNull();
    expect(wait(answer(429), { tries: MAX_TRIES })).toBeNull();
    expect(wait(lost("ECONNRESET"), { tries: MAX_TRIES })).toBeNull();
  });
});

describe("how long it waits", () => {
  test("longer each time, drawn between half and all, with an end", () => {
    const longest = [1, 2, 3].map((tries) => wait(answer(503), { tries }) ?? 0);
    expect(longest).toEqual([200, 400, 800]);
    expect(wait(answer(503), { tries: 3, random: 0 })).toBe(400);
  });

  test.each([
    ["seconds", "3", 3_000],
    ["a date", "Thu, 01 Jan 2026 00:00:05 GMT", 5_000],
    ["a date that has passed", "Wed, 31 Dec 2025 23:59:00 GMT", 0],
  ])("as long as Retry-After says in %s, and a little more", (_, header, least) => {
    for (const status of [429, 503]) {
      const tried = answer(status, { "retry-after": header });
      expect(wait(tried, { random: 0 })).toBe(least);
      expect(wait(tried, { random: 1 })).toBe(least + 100);
    }
  });

  test("a header that says nothing is left aside", () => {
    expect(wait(answer(429, { "retry-after": "soon" }))).toBe(200);
  });
});

test("what may have been done all the same", () => {
  expect(mayHaveHappened(lost("ECONNRESET"))).toBe(true);
  expect(mayHaveHappened(answer(503))).toBe(true);
  expect(mayHaveHappened(lost("ECONNREFUSED"))).toBe(false);
  expect(mayHaveHappened(answer(429))).toBe(false);
});
