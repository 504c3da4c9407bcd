import { expect, test } from "vitest";
import { tellingLine } from "./failure-line.ts";

test("the line that says why, not the last one", () => {
  expect(tellingLine("step 1\nError: no such file\ncleaning up\nFinished: FAILURE\n")).toBe(
    "Error: no such file",
  );
  expect(tellingLine("just this\n")).toBe("just this");
  expect(tellingLine("Finished: FAILURE\n")).toBeNull();
});
