import { expect, test } from "vitest";
import type { PlanDto } from "#lib/plans/schema.ts";
import { allOf, type Conflict, choicesOf, conflictGroups, type Wish, wishOf } from "./conflict-model.ts";

const conflict = (field: string, choice: Conflict["choice"] = null): Conflict => ({
  field,
  manager: "kubectl-edit",
  since: null,
  line: null,
  ours: "4",
  theirs: "7",
  autoscaler: null,
  choice,
});
const target = (cluster: string, conflicts: Conflict[]): PlanDto["targets"][number] => ({
  cluster,
  namespace: "quotes-prod",
  wave: 1,
  reachable: true,
  namespaceExists: true,
  objects: [
    {
      component: "api",
      kind: "Deployment",
      apiVersion: "apps/v1",
      name: "api",
      change: "change",
      diff: [],
      added: 0,
      removed: 0,
      warnings: [],
      fields: [],
      dropped: [],
      conflicts,
    },
  ],
});
const choice = (cluster: string, field: string, word: "leave" | "take_over") => ({
  cluster,
  namespace: "quotes-prod",
  object: "Deployment api",
  field,
  manager: "kubectl-edit",
  choice: word,
});

test("the same conflict in two targets is decided once, for both; undecided ones come first", () => {
  // When it was written and where it stands differs from cluster to cluster.
  const elsewhere = { ...conflict(".y"), since: "2026-11-20T09:00:00Z", line: 3 };
  const targets = [target("a", [conflict(".x", "leave"), conflict(".y")]), target("b", [elsewhere])];
  const groups = conflictGroups(targets);
  expect(groups.map(({ field, places }) => [field, places.map(({ cluster }) => cluster)])).toEqual([
    [".y", ["a", "b"]],
    [".x", ["a"]],
  ]);
  const picked = new Map<string, Wish>([[groups[0]?.key ?? "", "take_over"]]);
  expect(choicesOf(groups, picked, [choice("a", ".x", "leave")])).toEqual([
    choice("a", ".y", "take_over"),
    choice("b", ".y", "take_over"),
    choice("a", ".x", "leave"),
  ]);
});

test("what a silent target was decided on stands; giving up decides nothing", () => {
  const groups = conflictGroups([target("a", [conflict(".x", "leave")])]);
  const silent = choice("b", ".x", "leave");
  expect(choicesOf(groups, new Map(), [choice("a", ".x", "leave"), silent])).toEqual([
    silent,
    choice("a", ".x", "leave"),
  ]);
  const picked = new Map<string, Wish>([[groups[0]?.key ?? "", "abort"]]);
  const [group] = groups;
  expect(group && wishOf(group, picked)).toBe("abort");
  expect(choicesOf(groups, picked, [silent])).toEqual([silent]);
});

test("one wish for all leaves to an autoscaler what is its", () => {
  const groups = conflictGroups([target("a", [conflict(".x"), { ...conflict(".y"), autoscaler: "api" }])]);
  expect([...allOf(groups, "take_over").values()]).toEqual(["take_over", "leave"]);
});
