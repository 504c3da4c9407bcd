import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { expect, test } from "vitest";
import { ERROR_STATUS } from "#lib/errors.ts";
import en from "./messages/en/index.ts";
import zh from "./messages/zh/index.ts";

type Element = ReturnType<typeof parse>[number];

/** Names of the arguments of a message, those inside plural branches too. */
function argumentsOf(elements: Element[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.tag) return [`<${element.value}>`, ...argumentsOf(element.children)];
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      return [
        element.value,
        ...Object.values(element.options).flatMap((option) => argumentsOf(option.value)),
      ];
    }
    return [element.value];
  });
}

/** Every message as `namespace.key: sorted, arguments`; throws where a message is no valid ICU text. */
function shapes(messages: unknown, path = ""): string[] {
  if (typeof messages === "string") {
    return [`${path}: ${[...new Set(argumentsOf(parse(messages)))].sort().join(", ")}`];
  }
  if (typeof messages !== "object" || messages === null)
    throw new Error(`${path} is neither a text nor a group`);
  return Object.entries(messages).flatMap(([key, value]) =>
    shapes(value, path === "" ? key : `${path}.${key}`),
  );
}

test("both languages have the same messages with the same arguments", () => {
  expect(shapes(en).sort()).toEqual(shapes(zh).sort());
});

test("no message is empty", () => {
  const empty = (messages: unknown): boolean =>
    typeof messages === "string"
      ? messages.trim() === ""
      : typeof messages === "object" && messages !== null && Object.values(messages).some(empty);
  expect(empty(zh)).toBe(false);
  expect(empty(en)).toBe(false);
});

test("every refusal of the API and a server that is out of reach have a text", () => {
  const codes = [...Object.keys(ERROR_STATUS), "OFFLINE", "INTERNAL"];
  expect(codes.filter((code) => !(code in zh.errors))).toEqual([]);
  const others = Object.keys(zh.errors).filter((code) => code !== "fallback" && !codes.includes(code));
  expect(others).toEqual([]);
});
