import { expect, test } from "vitest";
import {
  changedValues,
  countSources,
  distinctEntries,
  gistOf,
  type PlanObject,
  type PlanTarget,
  reviewTargets,
} from "./review-model.ts";

const line = (
  kind: "same" | "added" | "removed",
  text: string,
  source: "config" | "artifact" | null = null,
) => ({
  kind,
  text,
  source,
  origin: null,
  left: kind === "added" ? null : 1,
  right: kind === "removed" ? null : 1,
});
const object = (name: string, change: PlanObject["change"], diff: PlanObject["diff"] = []): PlanObject => ({
  component: "quote-api",
  kind: "ConfigMap",
  apiVersion: "v1",
  name,
  change,
  diff,
  added: 0,
  removed: 0,
  warnings: [],
  conflicts: [],
  fields: [],
  dropped: [],
});
const target = (cluster: string, wave: number, objects: PlanObject[]): PlanTarget => ({
  cluster,
  namespace: "quotes-prod",
  wave,
  reachable: true,
  namespaceExists: true,
  objects,
});
const limit = [
  line("same", "data:"),
  line("removed", '  ORDER_LIMIT: "500000"', "config"),
  line("added", '  ORDER_LIMIT: "800000"', "config"),
];

test("targets with the same changes are read once, in order of waves", () => {
  const targets = reviewTargets([
    target("sz-b", 2, [object("limits", "change", limit), object("other", "unchanged")]),
    target("bj-a", 1, [object("limits", "change", limit)]),
  ]);
  expect(targets.map(({ target: { cluster }, sameAs }) => [cluster, sameAs])).toEqual([
    ["bj-a", null],
    ["sz-b", "bj-a"],
  ]);
  expect(distinctEntries(targets).map(({ key }) => key)).toEqual(["bj-a/quotes-prod/ConfigMap/limits"]);
});

test("a target that differs in one line is read for itself", () => {
  const targets = reviewTargets([
    target("bj-a", 1, [object("limits", "change", limit)]),
    target("sz-b", 2, [object("limits", "change", [line("added", "  ORDER_LIMIT: 9", "config")])]),
  ]);
  expect(targets.map(({ sameAs }) => sameAs)).toEqual([null, null]);
});

test("nothing to do in two targets is not called the same change", () => {
  const targets = reviewTargets([
    target("bj-a", 1, [object("limits", "unchanged")]),
    target("sz-b", 2, [object("limits", "unchanged")]),
  ]);
  expect(targets.map(({ sameAs }) => sameAs)).toEqual([null, null]);
});

test("the gist names the value, config before image, digests shortened", () => {
  const from = `sha256:${"1".repeat(64)}`;
  const to = `sha256:${"2".repeat(64)}`;
  const image = [
    line("removed", `  image: r/a@${from}`, "artifact"),
    line("added", `  image: r/a@${to}`, "artifact"),
  ];
  expect(gistOf(object("limits", "change", [...image, line("same", ""), ...limit]))).toEqual({
    name: "ORDER_LIMIT",
    before: '"500000"',
    after: '"800000"',
  });
  expect(gistOf(object("a", "change", image))).toEqual({
    name: "image",
    before: "1111…1111",
    after: "2222…2222",
  });
  expect(gistOf(object("a", "create", [line("added", "kind: ConfigMap")]))).toBeNull();
});

test("changed values and sources are counted once an object; a checksum is no value", () => {
  const entries = distinctEntries(
    reviewTargets([
      target("bj-a", 1, [
        object("limits", "change", [...limit, line("added", '  refract.dev/config: "9"', "config")]),
      ]),
    ]),
  );
  expect(changedValues(entries)).toEqual(["ORDER_LIMIT"]);
  expect(countSources(entries)).toEqual([["config", 1]]);
});
