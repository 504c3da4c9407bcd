import { ANSI_COLOURS, type AnsiColour, paletteColour, rgb } from "./ansi-colour.ts";

/** How a stretch of text looks. */
export type AnsiLook = {
  colour?: AnsiColour;
  back?: AnsiColour;
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: true;
  strike?: true;
  inverse?: true;
  hidden?: true;
};
type Flag = "bold" | "dim" | "italic" | "underline" | "strike" | "inverse" | "hidden";

const ON: Record<number, Flag> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "inverse",
  8: "hidden",
  9: "strike",
  21: "underline",
};
const OFF: Record<number, readonly (Flag | "colour" | "back")[]> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  28: ["hidden"],
  29: ["strike"],
  39: ["colour"],
  49: ["back"],
};

/** The colour behind a 38 or 48 at `at`, and where it ends. `5;n` is one of 256, `2;r;g;b` an exact one. */
function extended(codes: readonly number[], at: number): { colour: AnsiColour | undefined; end: number } {
  if (codes[at + 1] === 5) return { colour: paletteColour(codes[at + 2] ?? -1), end: at + 2 };
  if (codes[at + 1] !== 2) return { colour: undefined, end: at + 1 };
  const [red = 0, green = 0, blue = 0] = codes.slice(at + 2, at + 5);
  return { colour: rgb(red, green, blue), end: at + 4 };
}

/** `38:2::1:2:3`, the form with colons, has an empty place for a colour space. */
const numbersOf = (parameters: string): number[] =>
  parameters
    .replace(/([34]8:2):\d*:(\d+:\d+:\d+)/g, "$1:$2")
    .split(/[;:]/)
    .map((code) => (code === "" ? 0 : Number(code)));

/** The look after the codes of one `ESC [ … m`. */
export function applyCodes(look: AnsiLook, parameters: string): AnsiLook {
  // `4:0` is no underline; other numbers behind the colon are kinds of it.
  const codes = numbersOf(
    parameters.replace(/(?<![:\d])4:0(?![:\d])/g, "24").replace(/(?<![:\d])4:[1-5](?![:\d])/g, "4"),
  );
  let next: AnsiLook = { ...look };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    const flag = ON[code];
    if (code === 0) next = {};
    else if (flag) next[flag] = true;
    else if (OFF[code]) for (const name of OFF[code]) delete next[name];
    else if (code === 38 || code === 48) {
      const { colour, end } = extended(codes, at);
      if (colour) next[code === 38 ? "colour" : "back"] = colour;
      at = end;
    } else if (code >= 30 && code <= 37) next.colour = ANSI_COLOURS[code - 30];
    else if (code >= 40 && code <= 47) next.back = ANSI_COLOURS[code - 40];
    else if (code === 90) {
      delete next.colour;
      next.dim = true;
    } else if (code > 90 && code <= 97) next.colour = ANSI_COLOURS[code - 90];
    else if (code >= 100 && code <= 107) next.back = ANSI_COLOURS[code - 100];
  }
  return next;
}
