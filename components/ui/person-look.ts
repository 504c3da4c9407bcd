/** Hue (0..359) of a person's face, the same everywhere: a small hash of the username, spread by the golden angle. */
export function hueOf(username: string): number {
  let hash = 7;
  for (const letter of username) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return Math.round((hash * 137.508) % 360);
}

/** Two letters of the username: "dev" is "De", "ops2" is "O2", "li.wei" is "Lw"; of a Chinese name its last character. */
export function initialsOf(username: string): string {
  const han = /\p{Script=Han}$/u.exec(username)?.[0];
  if (han !== undefined) return han;
  const first = username.charAt(0).toUpperCase();
  const digit = /\d$/.exec(username)?.[0];
  if (digit !== undefined) return first + digit;
  const second = /[._-]([\p{L}])/u.exec(username)?.[1] ?? username.charAt(1);
  return first + second.toLowerCase();
}
