import { expect, test } from "vitest";
import { axis, dayIn, daysUntil, stack, toCsv } from "./series.ts";

test("days are without gaps, over the end of a month", () => {
  expect(daysUntil("2026-03-01", 3)).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  expect(dayIn("Asia/Shanghai", new Date("2026-11-20T17:00:00Z"))).toBe("2026-11-21");
});

test("stacks hold the largest series first and sum up the small ones", () => {
  const row = (day: string, name: string, count: number) => ({ day, name, count });
  const rows = [row("1", "a", 1), row("2", "a", 1), row("1", "b", 5), row("2", "c", 1), row("2", "d", 1)];
  expect(stack(["1", "2"], [...rows, row("9", "b", 1)], 3)).toEqual({
    days: ["1", "2"],
    series: ["b", "a", "…"],
    values: [
      [5, 1, 0],
      [0, 1, 2],
    ],
  });
  // What was summed up before is among the rest, however much it is.
  expect(stack(["1"], [row("1", "…", 9), row("1", "a", 1), row("1", "b", 2)], 4)).toMatchObject({
    series: ["b", "a", "…"],
    values: [[2, 1, 9]],
  });
  expect(stack(["1"], [])).toEqual({ days: ["1"], series: [], values: [[]] });
});

test.each([
  [0, [0, 1]],
  [3, [0, 1, 2, 3]],
  [13, [0, 5, 10, 15]],
  [100, [0, 50, 100]],
])("axis to %i", (max, ticks) => {
  expect(axis(max)).toEqual(ticks);
});

test("CSV without rows is its head, a whole line", () => {
  expect(toCsv(["day", "项目"], [])).toBe("day,项目\r\n");
});

test("CSV quotes what needs it and defuses formulas", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        ['x,"y"', null],
        ["=1+1", 2],
      ],
    ),
  ).toBe('a,b\r\n"x,""y""",\r\n\'=1+1,2\r\n');
});

test.each(["=1+1", "+1", "-1", "@x", "＝1+1", "＠x", "\t=1", "\n=1"])("CSV defuses %j", (text) => {
  expect(toCsv(["a"], [[text]])).toMatch(/^a\r\n"?'/);
});

test("an order that is given holds among the largest, and what it does not name comes last", () => {
  const rows = [
    { day: "d", name: "PROD", count: 9 },
    { day: "d", name: "elsewhere", count: 8 },
    { day: "d", name: "FAT", count: 2 },
    { day: "d", name: "STAGING", count: 1 },
  ];
  const order = ["FAT", "STAGING", "PROD"];
  expect(stack(["d"], rows, 4, "rest", order)).toEqual({
    days: ["d"],
    series: ["FAT", "STAGING", "PROD", "elsewhere"],
    values: [[2, 1, 9, 8]],
  });
  expect(stack(["d"], rows, 3, "rest", order).series).toEqual(["PROD", "elsewhere", "rest"]);
});
