import { describe, expect, test } from "vitest";
import type { Placement } from "./placements.ts";
import { builtOn, componentsOn } from "./standing.ts";

const version = (id: string, baseImageId: string, layers: string[][], day: number) => ({
  id,
  baseImageId,
  digest: `sha256:${id}`,
  layers,
  createdAt: null,
  seenAt: new Date(Date.UTC(2026, 5, day)),
});
const debian = { id: "debian", parentId: null, digest: "sha256:debian-2" };
const node = { id: "node", parentId: "debian", digest: "sha256:node-2" };
const versions = [
  version("debian-1", "debian", [["d1"]], 1),
  version("debian-2", "debian", [["d2"]], 3),
  version("node-1", "node", [["d1", "n1"]], 1),
  version("node-2", "node", [["d1", "n2"]], 2),
];
const built = (release: string, baseVersionId: string | null) => ({
  artifactId: `artifact of ${release}`,
  digest: `sha256:${release}`,
  releaseId: release,
  release,
  commit: "c".repeat(40),
  commitSubject: null,
  baseVersionId,
});
const placement = (
  component: string,
  source: string | null,
  places: Record<string, string | null> = {},
): Placement => ({
  componentId: component,
  component,
  componentName: component,
  projectId: "quotes",
  project: "quotes",
  projectName: "行情",
  source: built("R-2", source),
  places: Object.entries(places).map(([environment, base]) => ({ ...built("R-1", base), environment })),
});

describe("a base that is built on another", () => {
  test("is behind when its parent has moved on", () => {
    expect(builtOn(node, debian, versions)).toEqual({ digest: "sha256:debian-1", current: false });
    const moved = { ...debian, digest: "sha256:debian-1" };
    expect(builtOn(node, moved, versions)).toEqual({ digest: "sha256:debian-1", current: true });
  });
  test("is not told of without a parent, without a version, or where nothing fits", () => {
    expect(builtOn(debian, undefined, versions)).toBeNull();
    expect(builtOn({ ...node, digest: null }, debian, versions)).toBeNull();
    expect(builtOn(node, debian, versions.slice(1))).toBeNull();
  });
});

describe("components on a base", () => {
  const on = (placements: Placement[], rebuilds: Parameters<typeof componentsOn>[1]["rebuilds"] = []) =>
    componentsOn(node, { versions, placements, rebuilds });
  test("stand by what a rebuild would start from, environment by environment", () => {
    const [api, web] = on([
      placement("api", "node-1", { FAT: "node-2", PROD: "node-1" }),
      placement("web", "node-2", { PROD: "node-1" }),
    ]);
    expect(api).toMatchObject({ standing: "behind", sourceBase: "sha256:node-1", rebuild: null });
    expect(api?.places.map(({ behind }) => behind)).toEqual([false, true]);
    // Built already: it only has to be deployed.
    expect(web).toMatchObject({ standing: "current", places: [{ behind: true, base: "sha256:node-1" }] });
  });
  test("are left out where they sit on another base, or on none", () => {
    expect(
      on([placement("a", null), placement("b", "debian-1"), placement("c", null, { FAT: "debian-2" })]),
    ).toEqual([]);
  });
  test("with a release order for the newest version are on their way; one for an older version does not count", () => {
    const rebuild = (baseVersionId: string) => [
      { baseVersionId, componentId: "api", release: "R-3", state: "building" as const },
    ];
    expect(on([placement("api", "node-1")], rebuild("node-2"))).toMatchObject([
      { standing: "rebuilding", rebuild: "R-3", rebuildState: "building" },
    ]);
    expect(on([placement("api", "node-1")], rebuild("node-1"))).toMatchObject([{ standing: "behind" }]);
    expect(on([placement("api", "node-2")], rebuild("node-2"))).toMatchObject([
      { standing: "current", rebuild: null },
    ]);
  });
  test("are never behind a base whose tag was not seen yet", () => {
    const unseen = { ...node, digest: null };
    const found = componentsOn(unseen, { versions, placements: [placement("api", "node-1")], rebuilds: [] });
    expect(found).toMatchObject([{ standing: "current" }]);
  });
});
