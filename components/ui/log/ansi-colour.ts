export const ANSI_COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
type AnsiName = (typeof ANSI_COLOURS)[number];
/** One of the terminal's own colours, which the theme decides, or an exact one as `#rrggbb`. */
export type AnsiColour = AnsiName | `#${string}`;

/** Shades of one channel in the cube of 6 × 6 × 6. */
const SHADES = [0, 95, 135, 175, 215, 255];
const hex = (value: number) => Math.max(0, Math.min(255, value)).toString(16).padStart(2, "0");
export const rgb = (red: number, green: number, blue: number): AnsiColour =>
  `#${hex(red)}${hex(green)}${hex(blue)}`;

/** A colour of the 256; undefined for other numbers. */
export function paletteColour(index: number): AnsiColour | undefined {
  if (!Number.isInteger(index) || index < 0 || index > 255) return undefined;
  if (index < 16) return ANSI_COLOURS[index % 8];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return rgb(grey, grey, grey);
  }
  const at = index - 16;
  const shade = (value: number) => SHADES[value % 6] ?? 0;
  return rgb(shade(Math.floor(at / 36)), shade(Math.floor(at / 6)), shade(at));
}
