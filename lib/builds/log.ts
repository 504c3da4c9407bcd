import type { BuildServer, LogStream } from "#lib/adapters/ports.ts";
import { AdapterError } from "#lib/errors.ts";
import { finishLog } from "./log-console.ts";
import { LineEnds } from "./log-line-ends.ts";
import { LogTakenOver, LogWriter } from "./log-writer.ts";
import { SecretMask } from "./mask.ts";
import { PieceMemory } from "./piece-memory.ts";
import type { BuildRow } from "./row.ts";
import { wordsToMask } from "./secrets.ts";

type LogSource = Pick<BuildServer, "openLog" | "openConsole">;

/**
 * Copies what the log has gained since the last look, in bounded memory however much it is: line ends as the console
 * has them, secrets masked before anything is stored. When the server says that nothing follows, the console has the
 * last word (`finishLog`). How a successor of a killed worker goes on: README.md.
 * @param of.closed the server has said so already: then the console alone is read
 * @returns whether there was anything new
 * @throws AdapterError of the build server; what came before it is stored
 */
export async function copyLog(
  build: BuildRow,
  { number, closed }: { number: number; closed: boolean },
  server: LogSource,
  signal: AbortSignal,
): Promise<boolean> {
  if (build.logComplete) return false;
  const words = await wordsToMask(build);
  try {
    const answer = closed ? null : await openLog(build, number, server, signal);
    if (answer && !answer.complete) return await append(build, answer, words);
    await answer?.body.cancel();
    await finishLog({
      build,
      words,
      openConsole: () => server.openConsole(number, { signal }),
      openRest: () => openLog(build, number, server, signal),
      append: (rest) => append(build, rest, words),
    });
    return true;
  } catch (error) {
    // Somebody else copies it by now.
    if (error instanceof LogTakenOver) return true;
    throw error;
  }
}

/** Null when the log became shorter than what was read: it is another log now. */
async function openLog(
  build: BuildRow,
  number: number,
  server: LogSource,
  signal: AbortSignal,
): Promise<LogStream | null> {
  try {
    return await server.openLog(number, build.logOffset, { signal });
  } catch (error) {
    if (error instanceof AdapterError && error.failure === "broken" && !error.retryable) return null;
    throw error;
  }
}

async function append(build: BuildRow, answer: LogStream, words: readonly Buffer[]): Promise<boolean> {
  const writer = new LogWriter(build.id, build);
  const ends = new LineEnds();
  const mask = new SecretMask(words);
  const memory = new PieceMemory();
  // This answer begins at `logOffset`, and so much of it is stored already.
  let skip = build.logTaken;
  let gained = 0;
  const take = async (bytes: Buffer) => {
    const fresh = bytes.subarray(skip);
    skip -= bytes.length - fresh.length;
    gained += fresh.length;
    await writer.write(fresh);
  };
  try {
    for await (const piece of answer.body) {
      await take(mask.push(ends.push(piece)));
      memory.passed(piece.length);
    }
  } catch (error) {
    if (error instanceof AdapterError) await writer.flush({});
    throw error;
  }
  const logMasked = mask.masked ? { logMasked: true } : {};
  if (answer.complete) {
    await take(mask.push(ends.end()));
    await take(mask.end());
  }
  // What is held back has to be asked for again, with what follows: then the place stays where it was.
  const whole = ends.held + mask.held === 0;
  const moved = whole && answer.nextOffset !== build.logOffset;
  if (gained > 0 || moved) {
    await writer.flush(moved ? { ...logMasked, logOffset: answer.nextOffset, logTaken: 0 } : logMasked);
  }
  return gained > 0;
}
