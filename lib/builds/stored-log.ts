import { gunzipSync } from "node:zlib";
import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { requireBuild } from "./queries.ts";

const MAX_ANSWER_BYTES = 1024 * 1024;
const OPEN_STATES = ["queued", "running"];

async function* pieces(buildId: string, from: number): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  let offset = from;
  for (;;) {
    // The piece that `offset` lies in, or the one that begins there; one row at a time bounds the memory.
    const chunk = await db.buildLogChunk.findFirst({
      where: { buildId, offset: { lte: offset } },
      orderBy: { offset: "desc" },
    });
    if (!chunk || chunk.offset + chunk.length <= offset) return;
    yield { offset, bytes: gunzipSync(chunk.data).subarray(offset - chunk.offset) };
    offset = chunk.offset + chunk.length;
  }
}

/**
 * The stored log from a byte offset as `text/plain`: at most 1 MiB (about; whole pieces) with `X-Log-Offset` to go on
 * from, and `X-Log-Complete` when nothing will follow; or, for `download`, all the rest as a stream.
 * @throws AppError NOT_FOUND
 */
export async function readLog(
  actor: Actor,
  input: { id: string; offset: number; download: boolean },
): Promise<Response> {
  // Asked before the text is read: what ended in between is told by the next answer.
  const build = await requireBuild(actor, input.id);
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  if (input.download) {
    const name = `${build.item.release.number}-${build.item.component.key}.log`;
    return new Response(streamOf(input.id, input.offset), {
      headers: { ...headers, "content-disposition": `attachment; filename="${name}"` },
    });
  }
  const parts: Buffer[] = [];
  let next = input.offset;
  let cutShort = false;
  for await (const { bytes } of pieces(input.id, input.offset)) {
    if (next - input.offset + bytes.length > MAX_ANSWER_BYTES) {
      cutShort = true;
      break;
    }
    parts.push(bytes);
    next += bytes.length;
  }
  const complete = !cutShort && (build.logComplete || !OPEN_STATES.includes(build.state));
  return new Response(new Uint8Array(Buffer.concat(parts)), {
    headers: { ...headers, "x-log-offset": String(next), "x-log-complete": String(complete) },
  });
}

function streamOf(buildId: string, offset: number): ReadableStream<Uint8Array> {
  const source = pieces(buildId, offset);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value.bytes));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}
