import { expect, test } from "vitest";
import { BUILD_STATES } from "#lib/builds/state.ts";
import { DEPLOYMENT_STATES, STEP_STATES, TARGET_RUN_STATES } from "#lib/deployments/state.ts";
import en from "#lib/i18n/messages/en/states.json" with { type: "json" };
import zh from "#lib/i18n/messages/zh/states.json" with { type: "json" };
import { SHOWN_STATES } from "#lib/releases/shown-state.ts";
import { STAGE_STATES } from "#lib/stages/state.ts";
import { asState, lookOf, STATES } from "./states.ts";

test("every state of the domain has a look of its own", () => {
  const domain = [
    ...SHOWN_STATES,
    ...STAGE_STATES,
    ...BUILD_STATES,
    ...DEPLOYMENT_STATES,
    ...TARGET_RUN_STATES,
    ...STEP_STATES,
  ];
  expect(domain.filter((state) => !Object.hasOwn(STATES, state))).toEqual([]);
});

test("every look has a word in both languages, and no word lacks a look", () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(STATES).sort());
  expect(Object.keys(en).sort()).toEqual(Object.keys(STATES).sort());
});

test("a word from outside that is not on the list is unknown, never good", () => {
  expect(asState("SUCCESS")).toBe("unknown");
  expect(asState("toString")).toBe("unknown");
  expect(asState("rolling_out")).toBe("rolling_out");
  expect(lookOf("unknown").striped).toBe(true);
});
