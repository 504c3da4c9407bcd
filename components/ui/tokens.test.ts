import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** Tokens of one theme: its block's `--name: oklch(l c h)`; the dark block only overrides. */
function tokens(block: string): Map<string, [number, number, number]> {
  const found = new Map<string, [number, number, number]>();
  for (const [, name, l, c, h] of block.matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g)) {
    if (name !== undefined) found.set(name, [Number(l), Number(c), Number(h)]);
  }
  return found;
}
const [, rootBlock = "", darkBlock = ""] = css.split(/^ *(?::root|\[data-theme="dark"\]) \{/m);
const light = tokens(rootBlock);
const dark = new Map([...light, ...tokens(darkBlock)]);

/** Relative luminance (WCAG 2.2) of an oklch colour, clipped to sRGB as a screen does. */
function luminance([l, c, h]: [number, number, number]): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ] as const;
  const linear = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map((part) => Math.min(1, Math.max(0, part)));
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(theme: typeof light, text: string, ground: string): number {
  const [one, other] = [theme.get(text), theme.get(ground)];
  if (one === undefined || other === undefined) throw new Error(`no token ${text} or ${ground}`);
  const [bright, dim] = [luminance(one), luminance(other)].sort((p, q) => q - p);
  return ((bright ?? 0) + 0.05) / ((dim ?? 0) + 0.05);
}

const GROUNDS = ["canvas", "surface", "sunken", "hover", "selected"];
const KINDS = ["idle", "run", "wait", "good", "bad", "held"];
const TEXT_PAIRS = [
  ...["text", "text-2", "text-3"].flatMap((text) => GROUNDS.map((ground) => [text, ground])),
  ...["canvas", "surface", "sunken"].flatMap((ground) => [...KINDS, "accent"].map((text) => [text, ground])),
  ...KINDS.flatMap((kind) => [
    [kind, `${kind}-soft`],
    ["text-2", `${kind}-soft`],
  ]),
  ["accent", "accent-soft"],
  ["on-accent", "accent-fill"],
  ["on-wait", "wait-solid"],
  ...["added", "added-mark", "removed", "removed-mark"].map((ground) => ["text", ground]),
  ...["added", "removed"].map((ground) => ["text-2", ground]),
  ["good", "added"],
  ["bad", "removed"],
  ["surface", "bad"],
] as const;

test.each([
  ["light", light],
  ["dark", dark],
] as const)("text of the %s theme is readable on every ground it stands on (AA, 4.5)", (_name, theme) => {
  const short = TEXT_PAIRS.map(([text = "", ground = ""]) => ({
    text,
    ground,
    ratio: contrast(theme, text, ground),
  }))
    .filter(({ ratio }) => ratio < 4.5)
    .map(({ text, ground, ratio }) => `${text} on ${ground}: ${ratio.toFixed(2)}`);
  expect(short).toEqual([]);
});

test.each([
  ["light", light],
  ["dark", dark],
] as const)("solid marks and the focus ring of the %s theme stand out (AA, 3)", (_name, theme) => {
  const marks = ["run-solid", "good-solid", "bad-solid", "held-solid", "focus"].map(
    (mark) => [mark, "surface"] as const,
  );
  const short = marks
    .map(([mark, ground]) => ({ mark, ratio: contrast(theme, mark, ground) }))
    .filter(({ ratio }) => ratio < 3)
    .map(({ mark, ratio }) => `${mark}: ${ratio.toFixed(2)}`);
  expect(short).toEqual([]);
});

test("both themes define the same colours", () => {
  expect([...tokens(darkBlock).keys()].filter((name) => !light.has(name))).toEqual([]);
  expect([...light.keys()].filter((name) => !tokens(darkBlock).has(name))).toEqual([]);
});
