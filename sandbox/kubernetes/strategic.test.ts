import { describe, expect, test } from "vitest";
import { ANY, typeOf } from "./schema.ts";
import { strategicMerge } from "./strategic.ts";

const type = typeOf("apps/v1", "Deployment") ?? ANY;

function containers(...list: object[]) {
  return { spec: { template: { spec: { containers: JSON.parse(JSON.stringify(list)) } } } };
}

describe("strategic merge patch", () => {
  const live = containers(
    { name: "a", image: "1", env: [{ name: "X", value: "1" }] },
    { name: "b", image: "1" },
  );

  test("items merge by their key, new ones come first", () => {
    const patch = containers({ name: "a", env: [{ name: "Y", value: "2" }] });
    const env = [
      { name: "Y", value: "2" },
      { name: "X", value: "1" },
    ];
    expect(strategicMerge(live, patch, type)).toEqual(
      containers({ name: "a", image: "1", env }, { name: "b", image: "1" }),
    );
  });

  test("an item is deleted by directive, a list replaced by another", () => {
    expect(strategicMerge(live, containers({ name: "a", $patch: "delete" }), type)).toEqual(
      containers({ name: "b", image: "1" }),
    );
    expect(strategicMerge(live, containers({ $patch: "replace" }, { name: "c" }), type)).toEqual(
      containers({ name: "c" }),
    );
  });

  test("retained keys drop the others: a strategy changes its kind", () => {
    const rolling = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(strategicMerge(rolling, patch, type)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  test("null removes, and the input stays as it was", () => {
    const before = structuredClone(live);
    expect(strategicMerge(live, { spec: { template: null } }, type)).toEqual({ spec: {} });
    expect(live).toEqual(before);
  });
});
