import { db } from "#lib/db.ts";
import { saysNothingNew } from "./log-noise.ts";
import { PIECE_BYTES, storedPieces } from "./log-pieces.ts";

const TELLING = /\b(error|failed|failure|fatal|exception|cannot|not found|denied)\b/i;
/** A shell that repeats a command, and counts of zero. */
const HARMLESS = /^\++ |\b(?:0|no) (?:errors?|failures?|failed)\b|\b(?:errors?|failures?|failed): 0\b/i;
/** What a build server prints after the line that matters. */
const EPILOGUE = /^(Finished: |Build step |\[Pipeline\]|Archiving )/;

/**
 * The line of a log that most likely says why a build failed: the last telling one that is not said of every failure, else
 * such a one, else the last one of all.
 */
export function tellingLine(log: string): string | null {
  const lines = log
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !EPILOGUE.test(line));
  const telling = lines.filter((line) => TELLING.test(line) && !HARMLESS.test(line));
  const line = telling.findLast((one) => !saysNothingNew(one)) ?? telling.at(-1) ?? lines.at(-1);
  return line?.slice(0, 300) ?? null;
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
