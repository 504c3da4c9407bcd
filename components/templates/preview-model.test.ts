import { expect, test } from "vitest";
import { checksOf, type Preview, renderedLines, templateLines } from "./preview-model.ts";

const preview = (problems: Preview["problems"]): Preview => ({
  environment: "FAT",
  cluster: "east",
  namespace: "quotes-fat",
  ok: problems.length === 0,
  text: "",
  objects: [],
  problems,
});
const states = (problems: Preview["problems"]) => checksOf(preview(problems)).map(({ state }) => state);

test("what was not rendered was not checked either", () => {
  expect(states([])).toEqual(["ok", "ok", "ok"]);
  expect(states([{ code: "RENDER_FAILED", message: "", line: 3 }])).toEqual(["failed", "waiting", "waiting"]);
  expect(states([{ code: "YAML_INVALID", message: "", line: 3 }])).toEqual(["ok", "failed", "ok"]);
  expect(states([{ code: "KIND_NOT_ALLOWED", message: "", line: null }])).toEqual(["ok", "ok", "failed"]);
});

test("lines of the template and lines of the result are kept apart", () => {
  const failed = preview([
    { code: "RENDER_FAILED", message: "", line: 3 },
    { code: "YAML_INVALID", message: "", line: 7 },
  ]);
  expect(templateLines([failed, failed])).toEqual([3]);
  expect(renderedLines(failed)).toEqual([7]);
});
