import { isAlias, parseAllDocuments, visit } from "yaml";
import type { z } from "zod";
import { manifestSchema } from "#lib/plans/content.ts";

export type Rendition = z.infer<typeof manifestSchema>;
export type OutputProblem = { code: string; message: string; line: number | null };

const MAX_ALIASES = 100;

/**
 * Parses rendered text as a stream of YAML documents; empty documents are left out. Pure.
 * @returns every problem at once: syntax (with its line in the rendered text), and documents that are no objects
 */
export function parseOutput(text: string): { manifests: Rendition[]; problems: OutputProblem[] } {
  const manifests: Rendition[] = [];
  const problems: OutputProblem[] = [];
  const documents = parseAllDocuments(text, { uniqueKeys: true, merge: false, logLevel: "silent" });
  if (!Array.isArray(documents)) return { manifests, problems };
  for (const document of documents) {
    for (const error of document.errors) {
      const [message = error.code] = error.message.split("\n");
      problems.push({ code: "YAML_INVALID", message, line: error.linePos?.[0].line ?? null });
    }
    if (document.errors.length > 0) continue;
    let aliases = 0;
    visit(document, (_key, node) => {
      if (isAlias(node)) aliases += 1;
    });
    if (aliases > MAX_ALIASES) {
      problems.push({ code: "YAML_INVALID", message: `more than ${MAX_ALIASES} aliases`, line: null });
      continue;
    }
    const line = lineOf(text, document.contents?.range?.[0]);
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      problems.push({
        code: "YAML_INVALID",
        message: error instanceof Error ? error.message : String(error),
        line,
      });
      continue;
    }
    if (value === null || value === undefined) continue;
    const parsed = manifestSchema.safeParse(value);
    if (parsed.success) manifests.push(parsed.data);
    else {
      const issues = parsed.error.issues
        .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
        .join("; ");
      problems.push({ code: "OBJECT_INVALID", message: issues, line });
    }
  }
  return { manifests, problems };
}

const lineOf = (text: string, offset: number | undefined): number | null =>
  offset === undefined ? null : text.slice(0, offset).split("\n").length;
