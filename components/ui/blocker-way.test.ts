import { expect, test } from "vitest";
import { wayOut } from "./blocker-way.ts";

test.each([
  [{ newer: "sha256:1f" }, { kind: "plan", href: "/plans/sha256%3A1f" }],
  [{ newer: "none" }, null],
  [
    { release: "20261121-shop-001", holder: "x" },
    { kind: "release", href: "/releases/20261121-shop-001" },
  ],
  [{ state: "draft" }, null],
  [undefined, null],
])("the way out of %o", (facts, way) => {
  expect(wayOut({ facts })).toEqual(way);
});
