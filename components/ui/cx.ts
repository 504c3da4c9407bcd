/** Joins class names, leaving out what is absent: `cx("row", open && "row-open", className)`. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
