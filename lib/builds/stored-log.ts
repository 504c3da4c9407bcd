import type { Actor } from "#lib/access/actor.ts";
import { storedPieces } from "./log-pieces.ts";
import { rangeOf } from "./log-range.ts";
import { requireBuild } from "./queries.ts";

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const OPEN_STATES = ["queued", "running"];

type Build = Awaited<ReturnType<typeof requireBuild>>;

/**
 * The stored log as `text/plain`. With `offset`: what follows that byte, at most 4 MiB, with `X-Log-Offset` to go on
 * from. Without: all that is stored, or the part that `range` names (206, 416), streamed piece by piece. Beside it
 * always `X-Log-Generation`, raised when stored text was replaced (whoever has read some begins again), and
 * `X-Log-Complete` when nothing will follow.
 * @param input `show` is how a browser takes the file, by default to keep it; `range` and `ifRange` as the headers say
 * @throws AppError NOT_FOUND
 */
export async function readLog(
  actor: Actor,
  input: {
    id: string;
    offset?: number | undefined;
    show?: "inline" | undefined;
    range?: string | null;
    ifRange?: string | null;
  },
): Promise<Response> {
  // Asked before the text is read: what ended in between is told by the next answer.
  const build = await requireBuild(actor, input.id);
  if (input.offset !== undefined) return following(build, input.offset);
  const total = build.logBytes;
  const { release, component } = build.item;
  const name = `${release.number}-${component.key}-${build.attempt}.log`;
  const headers: Record<string, string> = {
    ...about(build, total),
    "accept-ranges": "bytes",
    "content-disposition": `${input.show ?? "attachment"}; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    ...(build.logSha256 ? { etag: `"${build.logSha256}"` } : {}),
  };
  const { range = null, ifRange = null } = input;
  const part = ifRange === null || ifRange === headers.etag ? rangeOf(range, total) : null;
  if (part === "outside") {
    return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${total}` } });
  }
  const { from, to } = part ?? { from: 0, to: total };
  if (part) headers["content-range"] = `bytes ${from}-${to - 1}/${total}`;
  headers["content-length"] = String(to - from);
  return new Response(streamOf(build, from, to), { status: part ? 206 : 200, headers });
}

function about(build: Build, reached: number): Record<string, string> {
  const ended = build.logComplete || !OPEN_STATES.includes(build.state);
  return {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "x-log-generation": String(build.logGeneration),
    "x-log-complete": String(ended && reached >= build.logBytes),
  };
}

async function following(build: Build, offset: number): Promise<Response> {
  const to = Math.min(build.logBytes, offset + MAX_ANSWER_BYTES);
  const parts: Buffer[] = [];
  let next = offset;
  for await (const { bytes } of storedPieces(build.id, offset, { to, generation: build.logGeneration })) {
    parts.push(bytes);
    next += bytes.length;
  }
  return new Response(new Uint8Array(Buffer.concat(parts)), {
    headers: { ...about(build, next), "x-log-offset": String(next) },
  });
}

function streamOf(build: Build, from: number, to: number): ReadableStream<Uint8Array> {
  const source = storedPieces(build.id, from, { to, generation: build.logGeneration });
  let sent = from;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (!done) {
          sent += value.bytes.length;
          controller.enqueue(new Uint8Array(value.bytes.buffer, value.bytes.byteOffset, value.bytes.length));
        } else if (sent === to) controller.close();
        // Fewer than were announced: a file that is cut must not look like a whole one.
        else controller.error(new Error(`the log of build ${build.id} was replaced while it was read`));
      },
      async cancel() {
        await source.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
