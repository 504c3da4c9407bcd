import { expect, test } from "vitest";
import { ClickKeys, draftLike, parseDraft } from "./draft.ts";
import { shortNumber } from "./form-data.ts";

const item = (component: string, ref: string) => ({ component, ref });

test("a kept draft comes back without components that are gone", () => {
  const kept = JSON.stringify({ title: "t", description: "", refs: { api: "main", old: "main" } });
  expect(parseDraft(kept, ["api"])).toEqual({ title: "t", description: "", refs: { api: "main" } });
});

test("an order like another has its texts, and its components that are still there", () => {
  const like = { title: "t", description: "d", items: [item("api", "main"), item("old", "v1")] };
  expect(draftLike(like, [{ key: "api" }])).toEqual({ title: "t", description: "d", refs: { api: "main" } });
});

test("what is no draft is not taken for one", () => {
  for (const text of [null, "", "3", "null", '{"title":1}', '{"title":"a","description":"b"}']) {
    expect(parseDraft(text, ["api"])).toBeNull();
  }
});

test("the same content has the same key, other content another", () => {
  const keys = new ClickKeys();
  const key = keys.keyOf({ title: "a" });
  expect(keys.keyOf({ title: "a" })).toBe(key);
  expect(keys.keyOf({ title: "b" })).not.toBe(key);
  expect(key).toMatch(/^[0-9a-f]{32}$/);
});

test("numbers are shortened to day and count", () => {
  expect(shortNumber("20261120-quotes-003")).toBe("1120-003");
  expect(shortNumber("20261120-a-b-2-014")).toBe("1120-014");
  expect(shortNumber("odd")).toBe("odd");
});
