import { expect, test } from "vitest";
import { parseQuantity, resourceProblems } from "./config-quantity.ts";

test.each([
  ["250m", 0.25],
  ["1", 1],
  ["0.5", 0.5],
  ["1Ki", 1024],
  ["2Gi", 2 * 2 ** 30],
  ["1M", 1e6],
  ["", null],
  ["-1", null],
  ["1e3", null],
  ["1 Gi", null],
  ["1GB", null],
  ["0x10", null],
  ["99999999999999999999", null],
])("%s is %s", (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

const good = { cpuRequest: "50m", cpuLimit: "1", memoryRequest: "64Mi", memoryLimit: "128Mi" };
test.each([
  [{}, []],
  [{ cpuRequest: "1500m" }, ["cpuRequest"]],
  [{ memoryRequest: "1Gi" }, ["memoryRequest"]],
  [{ memoryLimit: "256m" }, ["memoryRequest", "memoryLimit"]],
  [{ cpuLimit: "lots", memoryLimit: "0" }, ["cpuLimit", "memoryLimit"]],
])("%j is wrong in %j", (change, fields) => {
  expect(resourceProblems({ ...good, ...change }).map(({ field }) => field)).toEqual(fields);
});
