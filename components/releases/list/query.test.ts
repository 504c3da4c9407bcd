import { expect, test } from "vitest";
import { filtersOf, listHref, listQuery } from "./query.ts";

test("an address gives the filters that gave it", () => {
  const filters = {
    project: "quotes",
    state: "built",
    component: "quote-api",
    mine: "true",
    q: "风控 a&b",
  } as const;
  const address = new URL(listHref(filters), "http://portal");
  expect(filtersOf(Object.fromEntries(address.searchParams))).toEqual(filters);
});

test("what is no filter is dropped", () => {
  expect(filtersOf({ state: "lost", mine: "yes", q: "  ", project: ["a", "b"], other: "x" })).toEqual({
    project: "a",
  });
  expect(listHref({})).toBe("/releases");
});

test("a page is asked for by its cursor", () => {
  expect(listQuery({ state: "draft" }, "c1")).toEqual({ state: "draft", cursor: "c1", limit: 30 });
  expect(listHref({ state: "draft" }, "c1")).toBe("/releases?state=draft&cursor=c1");
});
