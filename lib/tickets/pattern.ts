/** Of a text only so much is looked at: what a match costs grows with it. */
export const MAX_TEXT = 200;
/** Ways to match that one place of a text may offer; each is tried where none of them leads to the end. */
const MAX_WAYS = 4 * MAX_TEXT * MAX_TEXT;

export type PatternRefusal = "syntax" | "unsupported" | "nested" | "costly" | "empty";
/** How often a part may be repeated. */
type Repeat = { min: number; max: number };
/** A group that is being read: the ways through its finished branches and through the open one. */
type Group = { ways: number; branch: number; varies: boolean };

const TOKEN =
  /\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|\(|\)|\||[*+?]\??|\{(?<min>\d+)(?<open>,)?(?<max>\d*)\}\??|[\s\S]/gu;

/**
 * Why a pattern may not be used, or null. JavaScript tries every way through a pattern, so those of which a text can
 * make it try very many are kept out: repeats within repeats, and many parts of variable length beside one another.
 * Looking around and back references are not needed to find a ticket.
 */
export function refusedPattern(pattern: string): PatternRefusal | null {
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern, "u");
  } catch {
    return "syntax";
  }
  if (/\(\?(?!:)|\\[1-9k]/.test(pattern.replaceAll("\\\\", ""))) return "unsupported";
  if (compiled.test("")) return "empty";
  return waysThrough(pattern);
}

function waysThrough(pattern: string): PatternRefusal | null {
  const outer: Group[] = [];
  let group: Group = { ways: 0, branch: 1, varies: false };
  /** The part before a repeat: how many ways lead through it, and whether its length varies. */
  let part = { ways: 1, varies: false };
  for (const match of pattern.matchAll(TOKEN)) {
    const [token] = match;
    const repeat = repeatOf(token, match.groups);
    if (repeat) {
      if (repeat.max > 1 && part.varies) return "nested";
      const choices = Math.min(repeat.max, MAX_TEXT) - repeat.min + 1;
      // What may be left out is one way more, not twice as many.
      group.branch *= repeat.max === 1 && repeat.min === 0 ? (part.ways + 1) / part.ways : choices;
      group.varies ||= choices > 1;
    } else if (token === "(" || token === "(?:") {
      outer.push(group);
      group = { ways: 0, branch: 1, varies: false };
      continue;
    } else if (token === "|") {
      group.ways += group.branch;
      group.branch = 1;
      group.varies = true;
      continue;
    } else if (token === ")") {
      part = { ways: group.ways + group.branch, varies: group.varies };
      group = outer.pop() ?? { ways: 0, branch: 1, varies: false };
      group.branch *= part.ways;
      group.varies ||= part.varies;
    } else part = { ways: 1, varies: false };
    if (group.branch > MAX_WAYS) return "costly";
  }
  return group.ways + group.branch > MAX_WAYS ? "costly" : null;
}

function repeatOf(token: string, groups: Record<string, string> | undefined): Repeat | null {
  if (token.startsWith("*")) return { min: 0, max: MAX_TEXT };
  if (token.startsWith("+")) return { min: 1, max: MAX_TEXT };
  if (token.startsWith("?")) return { min: 0, max: 1 };
  if (groups?.min === undefined) return null;
  const min = Math.min(Number(groups.min), MAX_TEXT);
  if (groups.open === undefined) return { min, max: min };
  return { min, max: groups.max ? Math.min(Number(groups.max), MAX_TEXT) : MAX_TEXT };
}
