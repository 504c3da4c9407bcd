import { z } from "zod";
import type { Outcome } from "./stage.ts";

const Vitest = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  numFailedTestSuites: z.number().default(0),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          meta: z.object({ reason: z.string().optional() }).optional(),
        }),
      ),
    }),
  ),
});

/** Counts from Vitest's JSON report. A test file that could not be loaded counts as one failure. */
export function readVitest(report: unknown, output: string): Outcome {
  const parsed = Vitest.parse(report);
  const unloaded = parsed.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const left = parsed.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status !== "passed" && test.status !== "failed")
      .map((test) => `${test.fullName}: ${test.meta?.reason ?? "its suite says when (see the test's name)"}`),
  );
  return {
    passed: parsed.numPassedTests,
    failed: parsed.numFailedTests + unloaded.length,
    skipped: left.length,
    skips: left,
    output,
  };
}

export type FileCounts = { name: string; passed: number; failed: number; skipped: number };

/** Counts of each test file in Vitest's JSON report, by its path. */
export function readVitestFiles(report: unknown): FileCounts[] {
  return Vitest.parse(report).testResults.map(({ name, status, assertionResults }) => {
    const count = (state: string) => assertionResults.filter((test) => test.status === state).length;
    const passed = count("passed");
    const failed = count("failed") || (status === "failed" ? 1 : 0);
    return { name, passed, failed, skipped: assertionResults.length - passed - count("failed") };
  });
}

type Suite = { specs?: z.infer<typeof Spec>[]; suites?: Suite[] };
const Spec = z.object({
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(["expected", "unexpected", "flaky", "skipped"]),
      annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })).default([]),
    }),
  ),
});
const SuiteShape: z.ZodType<Suite> = z.lazy(() =>
  z.object({ specs: z.array(Spec).optional(), suites: z.array(SuiteShape).optional() }),
);
const Playwright = z.object({
  suites: z.array(SuiteShape),
  errors: z.array(z.object({ message: z.string().optional() })).default([]),
});

const specsOf = (suite: Suite): z.infer<typeof Spec>[] => [
  ...(suite.specs ?? []),
  ...(suite.suites ?? []).flatMap(specsOf),
];

/** Counts from Playwright's JSON report. A test that passed at its second try has passed. */
export function readPlaywright(report: unknown, output: string): Outcome {
  const { suites, errors } = Playwright.parse(report);
  const outcome: Outcome = { passed: 0, failed: errors.length, skipped: 0, skips: [], output };
  for (const { title, tests } of suites.flatMap(specsOf)) {
    for (const { status, annotations } of tests) {
      if (status === "unexpected") outcome.failed += 1;
      else if (status !== "skipped") outcome.passed += 1;
      else {
        const why = annotations.find(({ type }) => type === "skip" || type === "fixme")?.description;
        outcome.skipped += 1;
        outcome.skips.push(`${title}: ${why ?? "no reason given"}`);
      }
    }
  }
  return outcome;
}
