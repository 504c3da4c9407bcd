import { expect, test } from "vitest";
import zh from "#lib/i18n/messages/zh/audit.json" with { type: "json" };
import { AUDIT_NOUNS, asMessageKey } from "./nouns.ts";

test("every action that has a text can be found by what it is about", () => {
  const nouns = AUDIT_NOUNS.map((noun) => `${asMessageKey(noun)}_`);
  const lost = Object.keys(zh.action).filter((action) => !nouns.some((noun) => action.startsWith(noun)));
  expect(lost).toEqual([]);
});

test("everything to narrow by has actions and a text", () => {
  const actions = Object.keys(zh.action);
  for (const noun of AUDIT_NOUNS) {
    const key = asMessageKey(noun);
    expect(
      actions.some((action) => action.startsWith(`${key}_`)),
      noun,
    ).toBe(true);
    expect(zh.noun, noun).toHaveProperty(key);
  }
});
