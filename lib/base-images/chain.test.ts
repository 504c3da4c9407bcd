import { expect, test } from "vitest";
import { chainOf } from "./chain.ts";

const version = (id: string, baseImageId: string, layers: string[]) => ({
  id,
  baseImageId,
  digest: `sha256:${id}`,
  layers: [layers],
  createdAt: null,
  seenAt: new Date(0),
});
const bases = [
  { id: "d", key: "debian", name: "Debian", parentId: null, digest: "sha256:debian-2" },
  { id: "n", key: "node", name: "Node", parentId: "d", digest: "sha256:node-1" },
];
const versions = [
  version("debian-1", "d", ["d1"]),
  version("debian-2", "d", ["d2"]),
  version("node-1", "n", ["d1", "n1"]),
];

test("public base, business base, the image's own layers", () => {
  expect(chainOf("node-1", ["d1", "n1", "app"], { bases, versions })).toEqual([
    { key: "debian", name: "Debian", digest: "sha256:debian-1", layers: 1, behind: true },
    { key: "node", name: "Node", digest: "sha256:node-1", layers: 2, behind: false },
  ]);
});

test("ends where layers do not show it, and with bases that stand on each other", () => {
  const only = versions.slice(2);
  expect(chainOf("node-1", ["d1", "n1"], { bases, versions: only }).map(({ key }) => key)).toEqual(["node"]);
  expect(chainOf("node-1", ["x"], { bases, versions })).toEqual([]);
  expect(chainOf("gone", ["d1"], { bases, versions })).toEqual([]);
  const [debian, node] = bases.map((base) => ({ ...base, parentId: base.id === "d" ? "n" : "d" }));
  if (!debian || !node) throw new Error("no bases");
  expect(chainOf("node-1", ["d1", "n1"], { bases: [debian, node], versions }).length).toBeLessThanOrEqual(2);
});
