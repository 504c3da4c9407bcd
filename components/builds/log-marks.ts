import { plainText } from "#components/ui/ansi.ts";
import { looksLikeError } from "#components/ui/log-search.ts";

/** A part of the build, from its mark in the log. Lines count from 1; `to` is the last one known. */
export type LogStage = { name: string; from: number; to: number };
export type Finding = { line: number; kind: "bad" | "wait"; text: string };

const MARK = /^(?:\[[^\]]*\]\s*)?\[Refract\] stage: (.+)$/;
const WARNING = /\bwarn(?:ing)?\b/i;
const MOST_FINDINGS = 60;
/** `[INFO]`, times and the like in front of what a line says. */
const PREFIX = /^(?:\[[^\]]*\]|[\d:.TZ+-]{8,}|#\d+)\s*/;

function short(line: string): string {
  let text = line.trim();
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(PREFIX, "");
  }
  return text.replace(/^(?:error|warn(?:ing)?)[:\s]+/i, "") || line.trim();
}

/** Stages by their marks; a log without marks has none. */
export function stagesOf(lines: readonly { text: string }[]): LogStage[] {
  const stages: LogStage[] = [];
  for (const [index, { text }] of lines.entries()) {
    const name = MARK.exec(plainText(text).trim())?.[1]?.trim();
    const last = stages.at(-1);
    if (name !== undefined && name !== last?.name) stages.push({ name, from: index + 1, to: index + 1 });
    else if (last !== undefined) last.to = index + 1;
  }
  return stages;
}

/** Lines that look like errors or warnings, in order; each text once, and errors before warnings where there are many. */
export function findingsOf(lines: readonly { text: string }[]): Finding[] {
  const found: Finding[] = [];
  const seen = new Set<string>();
  for (const [index, { text }] of lines.entries()) {
    const plain = plainText(text);
    const kind = looksLikeError(plain) ? "bad" : WARNING.test(plain) ? "wait" : undefined;
    if (kind === undefined) continue;
    const said = short(plain);
    if (seen.has(said)) continue;
    seen.add(said);
    found.push({ line: index + 1, kind, text: said });
  }
  if (found.length <= MOST_FINDINGS) return found;
  const errors = found.filter((finding) => finding.kind === "bad").slice(0, MOST_FINDINGS);
  const rest = found.filter((finding) => finding.kind === "wait").slice(0, MOST_FINDINGS - errors.length);
  return [...errors, ...rest].sort((a, b) => a.line - b.line);
}
