import { expect, test } from "vitest";
import { callbackPath } from "./callback-path.ts";

const ORIGIN = "https://portal.example";

test.each([
  [undefined, "/"],
  ["/releases/20261120-quotes-003?tab=1#top", "/releases/20261120-quotes-003?tab=1#top"],
  ["https://portal.example/approvals", "/approvals"],
  ["https://evil.example/approvals", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://portal.example//evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["http://portal.example/", "/"],
  ["/login?callbackUrl=/login", "/"],
  ["http://[", "/"],
])("%s leads to %s", (given, path) => {
  expect(callbackPath(given, ORIGIN)).toBe(path);
});
