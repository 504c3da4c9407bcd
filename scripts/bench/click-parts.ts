import { readFile } from "node:fs/promises";
import { z } from "zod";
import { percentile } from "./statistics.ts";

const PARTS = ["jenkins", "git", "sql"] as const;
export type Part = (typeof PARTS)[number];
const askedSchema = z.object({
  part: z.enum(PARTS),
  what: z.string(),
  start: z.number(),
  end: z.number().nullable(),
});
const clickSchema = z.object({ path: z.string(), start: z.number(), asked: z.array(askedSchema) });
/** A question that a click asked of somebody, and when; milliseconds since the epoch. */
export type Asked = z.infer<typeof askedSchema>;
export type Click = z.infer<typeof clickSchema>;

/**
 * Where the time of a click goes until its queue id is committed, milliseconds. At each moment the first counts that is
 * waited for: the build server, Git, the database; what is left is the web server's own work. Pure.
 */
export function partsOf(click: Click): Record<Part | "web", number> & { statements: number } {
  const asked = click.asked.flatMap(({ end, ...rest }) => (end === null ? [] : [{ ...rest, end }]));
  const sent = asked.find(({ part, what }) => part === "jenkins" && what.includes("buildWithParameters"));
  // What comes after the statement that keeps the queue id is the answer's own.
  const kept = asked.find(({ part, start }) => part === "sql" && sent !== undefined && start >= sent.end);
  if (!kept)
    throw new Error(
      `${click.path} kept no queue id: ${asked.map(({ part, what }) => `${part} ${what}`).join("; ")}`,
    );
  const before = asked.filter(({ start }) => start < kept.end);
  const moments = [click.start, ...before.flatMap(({ start, end }) => [start, end])]
    .filter((at) => at <= kept.end)
    .toSorted((a, b) => a - b);
  const parts = { jenkins: 0, git: 0, sql: 0, web: 0 };
  for (const [index, from] of moments.entries()) {
    const until = moments[index + 1];
    if (until === undefined) break;
    const waited = PARTS.find((part) =>
      before.some((one) => one.part === part && one.start <= from && one.end >= until),
    );
    parts[waited ?? "web"] += until - from;
  }
  return { ...parts, statements: before.filter(({ part }) => part === "sql").length };
}

/** Medians over the newest clicks of one kind, as a line of text. */
export async function describeParts(file: string, kind: "build" | "rebuild", count: number): Promise<string> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const clicks = lines.map((line) => clickSchema.parse(JSON.parse(line)));
  const parts = clicks
    .filter(({ path }) => path.endsWith(`/${kind}`))
    .slice(-count)
    .map(partsOf);
  const median = (name: keyof ReturnType<typeof partsOf>) =>
    percentile(
      parts.map((part) => part[name]),
      0.5,
    ).toFixed(1);
  return `of it, at the median: web server ${median("web")}, ${median("statements")} SQL statements ${median("sql")}, Git ${median("git")}, Jenkins' answer ${median("jenkins")}`;
}
