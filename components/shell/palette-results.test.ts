import { expect, test } from "vitest";
import { matching, merged, type PaletteResult } from "./palette-results.ts";

const places: PaletteResult[] = [
  { group: "actions", label: "New release order", hint: "quotes", href: "/releases/new?project=quotes" },
  { group: "pages", label: "Releases", href: "/releases" },
  { group: "projects", label: "Quotes", hint: "quotes", href: "/projects/quotes" },
];

test("every word of the query must stand somewhere", () => {
  expect(matching(places, "quotes new").map(({ label }) => label)).toEqual(["New release order"]);
  expect(matching(places, "  ")).toHaveLength(3);
  expect(matching(places, "trading")).toEqual([]);
});

test("a project found by the portal as well stands once", () => {
  const found: PaletteResult[] = [
    { group: "projects", label: "Quotes", href: "/projects/quotes" },
    { group: "numbers", label: "20261120-quotes-003", href: "/releases/20261120-quotes-003" },
  ];
  expect(merged(places, found).map(({ href }) => href)).toEqual([
    ...places.map(({ href }) => href),
    "/releases/20261120-quotes-003",
  ]);
});
