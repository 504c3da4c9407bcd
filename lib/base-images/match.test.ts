import { expect, test } from "vitest";
import { matchBase } from "./match.ts";

const at = (day: number) => new Date(Date.UTC(2026, 5, day));
const version = (id: string, layers: string[][], day = 1) => ({
  id,
  digest: `sha256:${id}`,
  layers,
  seenAt: at(day),
});
const debian = version("debian", [["d1", "d2"]]);
const node = version("node", [["d1", "d2", "n1"]]);
const idOf = (match: ReturnType<typeof matchBase>) => match?.version.id;

test("the longest base that an image begins with", () => {
  expect(matchBase(["d1", "d2", "n1", "app"], [debian, node])).toEqual({ version: node, layers: 3 });
  expect(matchBase(["d1", "d2", "x", "app"], [debian, node])).toEqual({ version: debian, layers: 2 });
  expect(matchBase(["d1", "d2", "n1"], [node, debian])?.layers).toBe(3);
});

test("no base: other layers, another order, fewer of them, or an image that does not say", () => {
  for (const layers of [["x"], ["d2", "d1"], ["d1"], [], ["d1", null, "n1"], ["app", "d1", "d2"]]) {
    expect(matchBase(layers, [debian, node])).toBeNull();
  }
  expect(matchBase(["d1"], [version("empty", [[]]), version("unknown", [])])).toBeNull();
});

test("an index by whichever platform fits", () => {
  const both = version("both", [
    ["amd", "n"],
    ["arm", "n"],
  ]);
  expect(idOf(matchBase(["arm", "n", "app"], [both]))).toBe("both");
  expect(matchBase(["amd", "x"], [both])).toBeNull();
});

test("of two with the same layers: the one that its builder named, else the one seen last", () => {
  const older = version("older", [["a"]], 1);
  const newer = version("newer", [["a"]], 2);
  expect(idOf(matchBase(["a", "b"], [older, newer]))).toBe("newer");
  expect(idOf(matchBase(["a", "b"], [older, newer], "sha256:older"))).toBe("older");
  // More layers count for more than a name.
  expect(idOf(matchBase(["d1", "d2", "n1"], [debian, node], "sha256:debian"))).toBe("node");
});
