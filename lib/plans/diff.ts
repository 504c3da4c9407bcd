import { diffLines } from "diff";
import type { z } from "zod";
import type { CHANGE_SOURCES, diffLineSchema } from "./content.ts";
import { LABEL } from "./labels.ts";

export type DiffLine = z.infer<typeof diffLineSchema>;
type Source = (typeof CHANGE_SOURCES)[number];
/** What the lines of one component can come from. */
export type SourceFacts = { release: string; variables: readonly string[]; secrets: readonly string[] };

/** Line by line difference of two YAML texts; an empty text is an object that is not there. Pure. */
export function diffTexts(
  before: string,
  after: string,
  facts: SourceFacts,
): { lines: DiffLine[]; added: number; removed: number } {
  let left = 0;
  let right = 0;
  const lines = diffLines(before, after).flatMap((change): DiffLine[] =>
    change.value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): DiffLine => {
        if (!change.removed) right += 1;
        if (!change.added) left += 1;
        if (change.added) return { kind: "added", left: null, right, text, source: sourceOf(text, facts) };
        if (change.removed)
          return { kind: "removed", left, right: null, text, source: sourceOf(text, facts) };
        return { kind: "same", left, right, text, source: null };
      }),
  );
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { lines, added: count("added"), removed: count("removed") };
}

const CONFIG_KEYS = ["replicas", "cpu", "memory", "refract.dev/config", "refract.dev/secret-versions"];

/** A guess from the line alone, for the reader's eye; what no rule knows comes from the template. */
function sourceOf(text: string, facts: SourceFacts): Source | null {
  const [, key, value] = /^\s*(?:- )?"?([^":\s]+)"?:(?: (.*))?$/.exec(text) ?? [];
  if (key === "image" || /@sha256:[0-9a-f]{64}/.test(text)) return "artifact";
  if (key === LABEL.release || (value !== undefined && value === facts.release)) return "release";
  if (key === undefined) return "template";
  if (CONFIG_KEYS.includes(key) || facts.variables.includes(key) || facts.secrets.includes(key))
    return "config";
  return "template";
}
