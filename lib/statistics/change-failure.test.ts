import { describe, expect, test } from "vitest";
import { changeFailureRate, isFailedChange } from "./change-failure.ts";

describe("what counts as a failed change", () => {
  test.each([
    ["went well at once", { failed: false, rolledBack: false }, false],
    ["failed, and succeeded on retry", { failed: true, rolledBack: false }, true],
    ["succeeded, and was rolled back later", { failed: false, rolledBack: true }, true],
    ["failed, and was rolled back", { failed: true, rolledBack: true }, true],
  ])("%s", (_, change, failed) => {
    expect(isFailedChange(change)).toBe(failed);
  });
});

test("the rate is over changes, a change once", () => {
  const group = (failed: boolean, rolledBack: boolean, changes: number) => ({ failed, rolledBack, changes });
  expect(changeFailureRate([])).toBeNull();
  expect(changeFailureRate([group(false, false, 4)])).toBe(0);
  expect(changeFailureRate([group(false, false, 5), group(true, false, 2), group(false, true, 1)])).toBe(
    3 / 8,
  );
  expect(changeFailureRate([group(true, true, 2)])).toBe(1);
});
