import { expect, test } from "vitest";
import { refState } from "./ref-state.ts";

const [FROZEN, OTHER] = ["a".repeat(40), "b".repeat(40)];

test.each([
  ["nothing happened", { commit: FROZEN, kind: "branch" as const }, 0, "same"],
  ["a commit cannot move", { commit: FROZEN, kind: "commit" as const }, 0, "same"],
  ["commits were added", { commit: OTHER, kind: "branch" as const }, 0, "ahead"],
  ["history was rewritten", { commit: OTHER, kind: "branch" as const }, 1, "rewritten"],
  ["a tag moved, forwards too", { commit: OTHER, kind: "tag" as const }, 0, "moved"],
  ["a tag moved elsewhere", { commit: OTHER, kind: "tag" as const }, 3, "moved"],
  ["the branch was deleted", null, 0, "gone"],
])("%s", (_, now, left, wanted) => expect(refState(FROZEN, now, left)).toBe(wanted));
