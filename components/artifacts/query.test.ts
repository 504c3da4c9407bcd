import { expect, test } from "vitest";
import { filtersOf, listHref, listQuery } from "./query.ts";

test("an address gives the filters that gave it", () => {
  const filters = {
    project: "quotes",
    component: "quote-api",
    signed: "no",
    severity: "high",
    base: "node",
    behind: "true",
    q: "sha256:9c41 a&b",
  } as const;
  const address = new URL(listHref(filters), "http://portal");
  expect(filtersOf(Object.fromEntries(address.searchParams))).toEqual(filters);
});

test("what is no filter is dropped, and a page is asked for by its cursor", () => {
  expect(filtersOf({ signed: "maybe", severity: "bad", behind: "1", q: " ", project: ["a", "b"] })).toEqual({
    project: "a",
  });
  expect(listHref({})).toBe("/artifacts");
  expect(listQuery({ signed: "yes" }, "c1")).toEqual({ signed: "yes", cursor: "c1", limit: 30 });
  expect(listHref({ signed: "yes" }, "c1")).toBe("/artifacts?signed=yes&cursor=c1");
});
