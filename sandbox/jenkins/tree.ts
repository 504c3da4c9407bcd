/** Plain data as it leaves the server. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Selection {
  fields: Map<string, Selection> | null;
  range: [number, number] | null;
}

/** Thrown for a `tree` expression that cannot be parsed. */
export class TreeError extends Error {}

const LEAF: Selection = { fields: null, range: null };
const NAME = /[\w*]+/y;
const RANGE = /\{\s*(\d*)\s*(,?)\s*(\d*)\s*\}/y;

class Parser {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match) this.position += match[0].length;
    return match;
  }

  accept(character: string): boolean {
    if (this.text[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  fields(): Map<string, Selection> {
    const fields = new Map<string, Selection>();
    do {
      const name = this.match(NAME)?.[0];
      if (name === undefined) throw new TreeError(`expected a name at ${this.position}`);
      fields.set(name, this.selection());
    } while (this.accept(","));
    return fields;
  }

  selection(): Selection {
    let range = this.range();
    let fields: Map<string, Selection> | null = null;
    if (this.accept("[")) {
      fields = this.fields();
      if (!this.accept("]")) throw new TreeError(`expected ] at ${this.position}`);
    }
    range = this.range() ?? range;
    return { fields, range };
  }

  /** `{M,N}` is from M up to N, `{M}` one element, `{M,}` and `{,N}` are open. */
  range(): [number, number] | null {
    const match = this.match(RANGE);
    if (!match) return null;
    const from = match[1] === "" ? 0 : Number(match[1]);
    if (match[2] === "") return [from, from + 1];
    return [from, match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3])];
  }
}

/** Parses a `tree` query such as `builds[number,url]{0,50}`. @throws {TreeError} */
export function parseTree(text: string): Selection {
  const parser = new Parser(text);
  const fields = parser.fields();
  if (parser.position !== text.length) throw new TreeError(`unexpected text at ${parser.position}`);
  return { fields, range: null };
}

/**
 * Cuts `value` down to a selection. `_class` always stays, keys keep the model's order, and a key that the
 * model lacks is left out without an error: this is what Jenkins does. An object chosen without fields of its
 * own shrinks to its `_class`.
 */
export function prune(value: Json, selection: Selection): Json {
  if (Array.isArray(value)) {
    const items = selection.range ? value.slice(selection.range[0], selection.range[1]) : value;
    return items.map((item) => prune(item, { fields: selection.fields, range: null }));
  }
  if (value === null || typeof value !== "object") return value;
  const kept: { [key: string]: Json } = {};
  const everything = selection.fields?.get("*");
  for (const key of Object.keys(value)) {
    const chosen = key === "_class" ? LEAF : (selection.fields?.get(key) ?? everything);
    // Models compute expensive keys in getters: only a chosen key is read.
    if (chosen) kept[key] = prune(value[key] ?? null, chosen);
  }
  return kept;
}
