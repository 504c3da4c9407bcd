import { describe, expect, test } from "vitest";
import { readPlaywright, readVitest, readVitestFiles } from "./reports.ts";

describe("Vitest's report", () => {
  const file = (status: string, ...assertions: [string, string][]) => ({
    name: "a.test.ts",
    status,
    assertionResults: assertions.map(([fullName, state]) => ({ fullName, status: state })),
  });
  const counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };

  test("counts passed, failed and skipped, and names what was skipped", () => {
    const report = {
      ...counts,
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [file("failed", ["a", "passed"], ["b", "failed"], ["c", "skipped"])],
    };
    const { passed, failed, skipped, skips } = readVitest(report, "");
    expect({ passed, failed, skipped }).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(skips[0]).toMatch(/^c: /);
  });

  test("counts each file by itself", () => {
    const testResults = [file("failed", ["a", "passed"], ["b", "failed"], ["c", "skipped"]), file("failed")];
    expect(readVitestFiles({ ...counts, testResults })).toEqual([
      { name: "a.test.ts", passed: 1, failed: 1, skipped: 1 },
      { name: "a.test.ts", passed: 0, failed: 1, skipped: 0 },
    ]);
  });

  test("a file that could not be loaded is a failure though no test of it failed", () => {
    expect(readVitest({ ...counts, testResults: [file("failed")] }, "").failed).toBe(1);
  });
});

describe("Playwright's report", () => {
  const spec = (status: string, description?: string) => ({
    title: status,
    tests: [{ status, annotations: description ? [{ type: "skip", description }] : [] }],
  });

  test("looks into nested suites", () => {
    const report = {
      suites: [{ specs: [spec("expected")], suites: [{ specs: [spec("unexpected"), spec("flaky")] }] }],
    };
    const { passed, failed } = readPlaywright(report, "");
    expect({ passed, failed }).toEqual({ passed: 2, failed: 1 });
  });

  test("a skip carries its reason", () => {
    expect(readPlaywright({ suites: [{ specs: [spec("skipped", "no Chromium")] }] }, "").skips).toEqual([
      "skipped: no Chromium",
    ]);
  });

  test("an error outside the tests is a failure", () => {
    expect(readPlaywright({ suites: [], errors: [{ message: "no such file" }] }, "").failed).toBe(1);
  });
});
