import { expect, test } from "vitest";
import { chooseLocale, chooseTheme, chooseZone } from "./locale.ts";

test("a chosen language wins over the browser's list", () => {
  expect(chooseLocale("en", "zh-CN,zh;q=0.9")).toBe("en");
});

test("the browser's list is taken by quality, not by place", () => {
  expect(chooseLocale(undefined, "fr, zh;q=0.3, en-GB;q=0.8")).toBe("en");
  expect(chooseLocale("xx", "en;q=0, zh-TW;q=0.1")).toBe("zh");
});

test("Chinese where nothing fits", () => {
  expect(chooseLocale(undefined, null)).toBe("zh");
  expect(chooseLocale(undefined, "fr-FR, de")).toBe("zh");
});

test("an invented theme or zone is ignored", () => {
  expect(chooseTheme("pink")).toBe("system");
  expect(chooseTheme("dark")).toBe("dark");
  expect(chooseZone("Mars/Olympus")).toBe("Asia/Shanghai");
  expect(chooseZone("%E0%A4%A")).toBe("Asia/Shanghai");
  expect(chooseZone("Europe%2FBerlin")).toBe("Europe/Berlin");
});
