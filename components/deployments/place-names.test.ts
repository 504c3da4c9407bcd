import { expect, test } from "vitest";
import { placeNames } from "./place-names.ts";

test("a cluster names its target, and with the namespace where it holds several", () => {
  const targets = [
    { cluster: "bj-a", namespace: "quotes" },
    { cluster: "sz-b", namespace: "quotes-1" },
    { cluster: "sz-b", namespace: "quotes-2" },
  ];
  expect(targets.map(placeNames(targets))).toEqual(["bj-a", "sz-b/quotes-1", "sz-b/quotes-2"]);
});
