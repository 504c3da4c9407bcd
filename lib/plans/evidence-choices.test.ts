import { expect, test } from "vitest";
import type { ConflictChoice } from "./content.ts";
import { decidedBy } from "./evidence-choices.ts";

const choice = (field: string, word: ConflictChoice["choice"]): ConflictChoice => ({
  cluster: "one",
  namespace: "shop",
  object: "Deployment api",
  field,
  manager: "kubectl-edit",
  choice: word,
});
const entry = (day: number, actorName: string, before: ConflictChoice[], after: ConflictChoice[]) => ({
  actorName,
  at: new Date(Date.UTC(2026, 10, day)),
  subjectId: `sha256:${day}`,
  data: { before: { choices: before }, after: { choices: after } },
});

test("a choice is of who brought it in last, not of who carried it on or decided otherwise", () => {
  const [left, taken, other] = [choice(".x", "leave"), choice(".x", "take_over"), choice(".y", "leave")];
  const entries = [
    entry(4, "carol", [left], [left, other]),
    entry(3, "bob", [taken], [left]),
    entry(2, "alice", [left], [taken]),
    entry(1, "alice", [], [left]),
  ];
  const who = decidedBy([left, other, taken, choice(".z", "leave")], entries);
  expect(who.map(({ decidedBy: name, decidedFor }) => [name, decidedFor])).toEqual([
    ["bob", "sha256:3"],
    ["carol", "sha256:4"],
    ["alice", "sha256:2"],
    [null, null],
  ]);
  expect(who[0]?.decidedAt).toBe("2026-11-03T00:00:00.000Z");
});
