import { expect, test } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import { causeOfRefusal } from "./refused.ts";
import { LOOK_SECONDS, secondsToWait, waitOfFailure, waitOfItem } from "./wait.ts";

test("a queue item's reason as a code, the server's words and its place", () => {
  const item = { state: "waiting" as const, reason: "Build #3 is already in progress", since: null };
  expect(waitOfItem({ ...item, why: "blocked" }, 2)).toEqual({
    why: "BLOCKED",
    reason: item.reason,
    ahead: 2,
  });
  expect(waitOfItem({ ...item, why: "shutting_down" }, null).why).toBe("SHUTTING_DOWN");
});

test.each([
  ["unreachable", undefined, "UNREACHABLE"],
  ["broken", 503, "STARTING"],
  ["broken", 500, "BROKEN"],
  ["unauthorized", 401, "UNAUTHORIZED"],
  ["forbidden", 403, "FORBIDDEN"],
  ["missing", 404, "JOB_MISSING"],
  ["throttled", 429, "THROTTLED"],
] as const)("a server that cannot be asked: %s %s", (failure, status, why) => {
  const error = new AdapterError(failure, "in words", status === undefined ? {} : { status });
  expect(waitOfFailure(error)).toEqual({ why, reason: "in words", ahead: null });
});

test("looks are short where something may happen soon, and rare where a person has to act", () => {
  const wait = { why: "BUILDABLE" as const, reason: "", ahead: 0 };
  expect(secondsToWait(wait)).toBe(LOOK_SECONDS);
  expect(secondsToWait({ ...wait, ahead: 30 })).toBeGreaterThan(LOOK_SECONDS);
  expect(secondsToWait({ ...wait, why: "FORBIDDEN" })).toBeGreaterThan(LOOK_SECONDS);
});

test("a refusal that waiting does not mend names what has to be changed", () => {
  const forbidden = new AdapterError("forbidden", "403", { details: { permission: "Job/Build" } });
  expect(causeOfRefusal(forbidden, "main")).toMatchObject({
    code: "PERMISSION_MISSING",
    facts: { server: "main", permission: "Job/Build" },
  });
  const codes = (["unauthorized", "missing", "conflict", "invalid"] as const).map(
    (failure) => causeOfRefusal(new AdapterError(failure, "no"), "main").code,
  );
  expect(codes).toEqual(["CREDENTIAL_REFUSED", "JOB_MISSING", "JOB_DISABLED", "BUILD_SERVER_REFUSED"]);
});
