import { expect, test } from "vitest";
import type { PlanDto } from "#lib/plans/schema.ts";
import {
  changedValues,
  countKinds,
  countSources,
  distinctEntries,
  gistOf,
  originsOf,
  type PlanObject,
  type PlanTarget,
  reviewGroups,
} from "./review-model.ts";

const line = (
  kind: "same" | "added" | "removed",
  text: string,
  source: PlanObject["diff"][number]["source"] = null,
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

const groupsOf = (...targets: PlanTarget[]) =>
  reviewGroups(targets).map((group) => group.targets.map(({ cluster }) => cluster));

test("targets with the same changes are read once, in order of waves", () => {
  const targets = [
    target("sz-b", 2, [object("limits", "change", limit), object("other", "unchanged")]),
    target("bj-a", 1, [object("limits", "change", limit)]),
  ];
  expect(groupsOf(...targets)).toEqual([["bj-a", "sz-b"]]);
  expect(distinctEntries(reviewGroups(targets)).map(({ key }) => key)).toEqual([
    "bj-a/quotes-prod/ConfigMap/limits",
  ]);
});

test("the names of cluster and namespace make no difference, others that only hold them do", () => {
  const named = (cluster: string, text: string, namespace = "quotes-prod") => ({
    ...target(cluster, 1, [object("limits", "change", [line("added", text, "config")])]),
    namespace,
  });
  expect(
    groupsOf(
      named("bj-a", "host: bj-a.quotes-prod.local"),
      named("sz-b", "host: sz-b.quotes-dr.local", "quotes-dr"),
    ),
  ).toEqual([["bj-a", "sz-b"]]);
  expect(groupsOf(named("bj-a", "host: bj-abc"), named("sz-b", "host: sz-b"))).toEqual([["bj-a"], ["sz-b"]]);
});

test("a target that differs in one line is read for itself", () => {
  expect(
    groupsOf(
      target("bj-a", 1, [object("limits", "change", limit)]),
      target("sz-b", 2, [object("limits", "change", [line("added", "  ORDER_LIMIT: 9", "config")])]),
    ),
  ).toEqual([["bj-a"], ["sz-b"]]);
});

test("nothing to do in two targets is not called the same change", () => {
  expect(
    groupsOf(
      target("bj-a", 1, [object("limits", "unchanged")]),
      target("sz-b", 2, [object("limits", "unchanged")]),
    ),
  ).toEqual([["bj-a"], ["sz-b"]]);
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

test("values, sources and kinds of change are counted once an object, origins named once", () => {
  const value = { layer: "environment" as const, version: 2, person: "李工", at: null };
  const origins: PlanDto["origins"] = [
    { source: "config", component: "quote-api", values: [{ name: "ORDER_LIMIT", ...value }] },
    { source: "release", number: "R-2" },
    { source: "config", component: "quote-api", values: [{ name: "UNUSED", ...value }] },
  ];
  const changed = object("limits", "change", [
    ...limit.map((one) => ({ ...one, origin: one.kind === "same" ? null : 0 })),
    { ...line("added", '  refract.dev/config: "9"', "config"), origin: 0 },
    { ...line("added", "  version: R-2", "release"), origin: 1 },
  ]);
  const entries = distinctEntries(reviewGroups([target("bj-a", 1, [changed, object("gone", "delete")])]));
  expect(changedValues(entries, origins)).toEqual(["ORDER_LIMIT"]);
  expect(countSources(entries)).toEqual([
    ["config", 1],
    ["release", 1],
  ]);
  expect(countKinds(entries)).toEqual([
    ["change", 1],
    ["delete", 1],
  ]);
  expect(originsOf(changed, origins)).toEqual(origins.slice(0, 2));
});
