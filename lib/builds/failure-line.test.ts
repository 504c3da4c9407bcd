import { expect, test } from "vitest";
import { tellingLine } from "./failure-line.ts";

test("the line that says why, not the last one", () => {
  expect(tellingLine("step 1\nError: no such file\ncleaning up\nFinished: FAILURE\n")).toBe(
    "Error: no such file",
  );
  expect(
    tellingLine(
      '+ mvn -B verify # fails on error\n[ERROR] expected 2 but was 1\nTests: 4, Failures: 0, Errors: 0\n[INFO] BUILD FAILURE\nStage "Push" skipped due to earlier failure(s)\nERROR: script returned exit code 1\nFinished: FAILURE\n',
    ),
  ).toBe("[ERROR] expected 2 but was 1");
  expect(tellingLine("done\nERROR: script returned exit code 1\n")).toBe(
    "ERROR: script returned exit code 1",
  );
  expect(tellingLine("just this\n")).toBe("just this");
  expect(tellingLine("Finished: FAILURE\n")).toBeNull();
});
