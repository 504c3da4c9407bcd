import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { Manifest } from "../ports.ts";

const strings = z.record(z.string(), z.string());
const metadataSchema = z
  .object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: strings.optional(),
    annotations: strings.optional(),
  })
  .loose();
const manifestSchema = z
  .object({ apiVersion: z.string(), kind: z.string(), metadata: metadataSchema })
  .loose();

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().nullish() }),
  // A plain list leaves the kind of its items out; an empty one may be null.
  items: z.array(z.object({ metadata: metadataSchema }).loose()).nullish(),
});

const watchEventSchema = z.object({
  type: z.enum(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]),
  object: z.unknown(),
});
const bookmarkSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/** Parses JSON text with a schema. @throws {AdapterError} `broken` */
export function parseJson<T>(what: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AdapterError("broken", `${what}: the answer is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AdapterError("broken", `${what}: unexpected answer: ${z.prettifyError(parsed.error)}`, {
    retryable: false,
  });
}

export const parseManifest = (what: string, text: string): Manifest => parseJson(what, text, manifestSchema);

export type ListPage = { items: Manifest[]; resourceVersion: string; next: string | null };

/** One page of a list; items get the kind that the list was asked for. */
export function parseList(what: string, text: string, of: { apiVersion: string; kind: string }): ListPage {
  const list = parseJson(what, text, listSchema);
  const items = (list.items ?? []).map((item) => ({ ...item, apiVersion: of.apiVersion, kind: of.kind }));
  return { items, resourceVersion: list.metadata.resourceVersion, next: list.metadata.continue || null };
}

export type RawWatchEvent =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: Manifest }
  | { type: "BOOKMARK"; resourceVersion: string }
  | { type: "ERROR"; status: string };

/** One line of a watch. A bookmark's object has zero values only, so nothing but its version is read. */
export function parseWatchLine(what: string, line: string): RawWatchEvent {
  const { type, object } = parseJson(what, line, watchEventSchema);
  const text = JSON.stringify(object ?? null);
  if (type === "ERROR") return { type, status: text };
  if (type !== "BOOKMARK") return { type, object: parseManifest(what, text) };
  return { type, resourceVersion: parseJson(what, text, bookmarkSchema).metadata.resourceVersion };
}
