/**
 * Whether a name fits a glob: `*` stands for any text, slashes included, `?` for one character. Goes back at most to the
 * last star, so that no pattern costs more than its length times the name's.
 */
export function fitsGlob(glob: string, name: string): boolean {
  let [at, place] = [0, 0];
  let star: { glob: number; name: number } | null = null;
  while (at < name.length) {
    if (glob[place] === "*") {
      star = { glob: place, name: at };
      place += 1;
    } else if (place < glob.length && (glob[place] === "?" || glob[place] === name[at])) {
      at += 1;
      place += 1;
    } else if (star) {
      star.name += 1;
      at = star.name;
      place = star.glob + 1;
    } else return false;
  }
  return /^\**$/.test(glob.slice(place));
}
