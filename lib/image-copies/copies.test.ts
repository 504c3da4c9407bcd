import { expect, test } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import { causeOf, nextAttemptAt, pauseAfter } from "./cause.ts";
import { copyBlockers } from "./missing.ts";
import { needsCopy, promotedImage, registryHost } from "./reference.ts";
import { retryBlockers } from "./rule.ts";
import type { CopyState } from "./state.ts";

test("an image keeps repository and tag in the environment's own registry", () => {
  const registry = { host: "prod.example.com:5443" };
  const image = "127.0.0.1:5000/shop/api:R-1";
  expect(promotedImage(image, null)).toBe(image);
  expect(promotedImage(image, registry)).toBe("prod.example.com:5443/shop/api:R-1");
  expect(promotedImage("harbor.example.com/a/b/c", registry)).toBe("prod.example.com:5443/a/b/c");
  expect(needsCopy(image, registry)).toBe(true);
  expect(needsCopy(promotedImage(image, registry), registry)).toBe(false);
  expect(registryHost("https://prod.example.com/")).toBe("prod.example.com");
});

test("pauses grow to two minutes", () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(pauseAfter)).toEqual([5, 10, 20, 40, 80, 120, 120]);
  const endedAt = new Date("2026-01-01T00:00:00Z");
  expect(nextAttemptAt({ attempts: 2, endedAt })).toEqual(new Date("2026-01-01T00:00:10Z"));
  expect(nextAttemptAt({ attempts: 0, endedAt: null })).toBeNull();
});

test.each([
  [new AdapterError("missing", "m"), "COPY_SOURCE_MISSING", false],
  [new AdapterError("forbidden", "m", { status: 403 }), "COPY_REFUSED", false],
  [new AdapterError("unreachable", "m"), "COPY_UNREACHABLE", true],
  [new AdapterError("throttled", "m", { status: 429 }), "COPY_THROTTLED", true],
  [new AdapterError("invalid", "m", { status: 400 }), "COPY_NOT_TAKEN", false],
  [new AdapterError("broken", "m", { status: 507 }), "COPY_BROKEN", true],
  [new AdapterError("broken", "not its digest", { retryable: false }), "COPY_BROKEN", false],
  [new TypeError("m"), "COPY_FAILED", true],
])("%s is told as %s", (error, code, retryable) => {
  const told = causeOf(error, { from: "a", to: "b" });
  expect([told.cause.code, told.retryable]).toEqual([code, retryable]);
  expect(told.cause.facts).toMatchObject({ from: "a", to: "b" });
});

test("what is on its way lifts by itself, what failed by a person", () => {
  const missing = { component: "api", registry: "prod" };
  const cause = { code: "COPY_BROKEN", message: "no space left", facts: {} };
  const blockers = copyBlockers(
    [
      { ...missing, state: "copying", cause: null },
      { ...missing, state: "failed", cause },
      { ...missing, state: null, cause: null },
    ],
    "PROD",
  );
  expect(blockers.map(({ facts }) => facts.copy)).toEqual(["copying", "failed", "none"]);
  expect(blockers[0]?.liftedBy).toEqual(["system"]);
  expect(blockers[1]?.liftedBy).toContain("ops");
  expect(blockers[1]?.message).toContain("no space left");
});

test("who raises release orders may ask again for what is not there and not on its way", () => {
  const rights = (role: "developer" | "tester") => ({
    userId: "u",
    globalRoles: [],
    projectRoles: { p: [role] },
    grants: [],
  });
  const codes = (role: "developer" | "tester", state: CopyState, goneSince: Date | null = null) =>
    retryBlockers(rights(role), "p", { state, goneSince }).map(({ code }) => code);
  expect(codes("developer", "failed")).toEqual([]);
  expect(codes("developer", "queued")).toEqual([]);
  expect(codes("developer", "copied")).toEqual(["WRONG_STATE"]);
  expect(codes("developer", "copied", new Date())).toEqual([]);
  expect(codes("tester", "copied", new Date())).toEqual(["ROLE_MISSING"]);
  expect(codes("tester", "copying")).toEqual(["ROLE_MISSING", "WRONG_STATE"]);
});
