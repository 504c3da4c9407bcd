import { db } from "#lib/db.ts";
import { PIECE_BYTES, storedPieces } from "./log-pieces.ts";

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
  const { logBytes } = await db.build.findUniqueOrThrow({
    where: { id: buildId },
    select: { logBytes: true },
  });
  const parts: Buffer[] = [];
  for await (const { bytes } of storedPieces(buildId, Math.max(0, logBytes - PIECE_BYTES))) parts.push(bytes);
  return tellingLine(Buffer.concat(parts).toString("utf8"));
}
