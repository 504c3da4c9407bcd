import { expect, test } from "vitest";
import { placeChange } from "./build-place.tsx";

test("a choice of where to build changes what is different, and a server ends the label", () => {
  const own = { buildServer: "main", buildLabel: "" };
  const labelled = { buildServer: "main", buildLabel: "linux" };
  expect(placeChange(own, "server:main")).toEqual({});
  expect(placeChange(own, "server:other")).toEqual({ buildLabel: "", buildServer: "other" });
  expect(placeChange(own, "label:linux")).toEqual({ buildLabel: "linux" });
  expect(placeChange(labelled, "label:linux")).toEqual({});
  expect(placeChange(labelled, "server:main")).toEqual({ buildLabel: "" });
});
