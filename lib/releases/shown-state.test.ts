import { expect, test } from "vitest";
import { shownState } from "./shown-state.ts";
import { RELEASE_STATES } from "./state.ts";

const item = (state: string | null, artifact: object | null = null) => ({
  artifact,
  build: state === null ? null : { state },
});

test.each<[string, ReturnType<typeof item>[], string]>([
  ["its only build was stopped", [item("aborted")], "build_aborted"],
  ["one was stopped, the other is there", [item("aborted"), item("succeeded", {})], "build_aborted"],
  ["one was stopped, the other failed", [item("aborted"), item("failed")], "build_failed"],
  ["nobody knows what became of one", [item("aborted"), item("unknown")], "build_failed"],
  ["one was never built", [item("aborted"), item(null)], "build_failed"],
  ["all are there", [item("succeeded", {})], "build_failed"],
])("%s", (_name, items, shown) => {
  expect(shownState("build_failed", items)).toBe(shown);
});

test.each(RELEASE_STATES.filter((state) => state !== "build_failed"))("%s stays what it is", (state) => {
  expect(shownState(state, [item("aborted")])).toBe(state);
});
