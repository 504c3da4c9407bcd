import { gunzipSync } from "node:zlib";
import { db } from "#lib/db.ts";

const TELLING = /\b(error|failed|failure|fatal|exception|cannot|not found|denied)\b/i;
/** What a build server prints after the line that matters. */
const EPILOGUE = /^(Finished: |Build step |\[Pipeline\]|Archiving )/;

/** The line of a log that most likely says why a build failed: the last telling one, else the last one of all. */
export function tellingLine(log: string): string | null {
  const lines = log
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !EPILOGUE.test(line));
  return (lines.findLast((line) => TELLING.test(line)) ?? lines.at(-1))?.slice(0, 300) ?? null;
}

/** From the end of the stored log, which holds no secret. */
export async function failureLine(buildId: string): Promise<string | null> {
  const chunks = await db.buildLogChunk.findMany({
    where: { buildId },
    orderBy: { offset: "desc" },
    take: 2,
    select: { data: true },
  });
  return tellingLine(Buffer.concat(chunks.reverse().map(({ data }) => gunzipSync(data))).toString("utf8"));
}
