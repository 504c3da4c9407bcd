import { expect, test } from "vitest";
import { parametersOf } from "./parameters.ts";

test("build variables stand under their own names, empty parameters do not stand at all", () => {
  expect(
    parametersOf([
      { name: "COMPONENT", value: "tick-store" },
      { name: "SUB_PATH", value: "" },
      { name: "BUILD_VARIABLES", value: '{"LOG_LEVEL":"info","SKIP_TESTS":false}' },
    ]),
  ).toEqual([
    { name: "COMPONENT", value: "tick-store" },
    { name: "LOG_LEVEL", value: "info" },
    { name: "SKIP_TESTS", value: "false" },
  ]);
});

test("what is no list of variables is shown as it is", () => {
  const odd = [{ name: "BUILD_VARIABLES", value: "not json" }];
  expect(parametersOf(odd)).toEqual(odd);
});
