import { readFileSync } from "node:fs";
import { z } from "zod";

const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

const exchange = z.object({
  request: z.object({ method: z.string(), path: z.string(), headers, body: z.string().optional() }),
  response: z.object({
    status: z.number(),
    headers,
    body: z.json().default(""),
    bodyTrimmed: z.string().optional(),
  }),
});

const file = z.union([
  exchange,
  z.object({
    steps: z.array(
      z.union([
        exchange.extend({ label: z.string() }),
        // While a server restarts there may be no answer at all.
        z.object({
          label: z.string(),
          request: z.unknown(),
          response: z.object({ networkError: z.string() }),
        }),
      ]),
    ),
  }),
]);

export type Recorded = z.infer<typeof exchange>;

/** The one exchange of a recording, or the step of a series whose label starts with `label`. */
export function recorded(name: string, label?: string): Recorded {
  const text = readFileSync(new URL(`../recorded/${name}.json`, import.meta.url), "utf8");
  const content = file.parse(JSON.parse(text));
  if (!("steps" in content)) return content;
  for (const step of content.steps) {
    if (label !== undefined && step.label.startsWith(label) && "status" in step.response) {
      return exchange.parse(step);
    }
  }
  throw new Error(`${name} has no step ${label}`);
}

/**
 * The shape of a JSON value: keys in their order, types of values, `_class` literally; of a list the different
 * shapes in it.
 */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) {
    return [...new Set(value.map((item) => JSON.stringify(shape(item))))]
      .sort()
      .map((item) => JSON.parse(item));
  }
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return Object.entries(value).map(([key, child]) => [key, key === "_class" ? child : shape(child)]);
}

/** An HTML page reduced as the recordings are: its title and its visible text. */
export function visible(html: string): { title: string; text: string } {
  const plain = (text: string) =>
    text
      .replace(/<[^>]+>/g, " ")
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replace(/\s+/g, " ")
      .trim();
  const title = plain(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? "");
  return { title, text: plain(/<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? "") };
}
