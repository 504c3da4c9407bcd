import type { Actor } from "#lib/access/actor.ts";
import { can, mayDeploy } from "#lib/access/policy.ts";
import { guardStream } from "#lib/events/guard.ts";
import { STREAM_HEADERS } from "#lib/events/stream.ts";
import { type LiveBoard, openBoards } from "./board.ts";
import { livePlaces, readLivePlace } from "./queries.ts";

/** Bytes that wait for a slow reader; beyond that they get the newest state when they have caught up. */
const WAITING = 256 * 1024;
const encoder = new TextEncoder();

/**
 * What runs in an environment as Server-Sent Events: first `rights` (`{mayOperate}`, again when it changes), then a
 * `LivePatch` a message, first a whole one of each target that is known, then what changed. Ends with `closed` within
 * five seconds after the reader lost the right to read the project, their session or their API token.
 * @throws AppError NOT_FOUND
 */
export async function openLiveStream(input: {
  actor: Actor;
  project: string;
  environment: string;
  signal: AbortSignal;
}): Promise<Response> {
  const { actor, signal } = input;
  const { project, environment } = await readLivePlace(actor, input);
  const places = await livePlaces(project, environment);
  const opened = await openBoards(places);
  const boards = opened.map(({ board }) => board);
  const behind = new Set<LiveBoard>();
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let closed = false;
        let mayOperate: boolean | null = null;
        const say = (text: string) => {
          if (!closed) controller.enqueue(encoder.encode(text));
        };
        const sayRights = (now: Actor) => {
          const may = mayDeploy(now.rights, project.id, environment, new Date());
          if (may === mayOperate) return;
          mayOperate = may;
          say(`event: rights\ndata: ${JSON.stringify({ mayOperate })}\n\n`);
        };
        const stop = () => {
          if (closed) return;
          leave();
          controller.close();
        };
        say("retry: 1000\n\n");
        sayRights(actor);
        const ends = boards.map((board) => {
          const whole = board.whole();
          if (whole) controller.enqueue(whole);
          return board.read((frame) => {
            if (closed || behind.has(board)) return;
            if ((controller.desiredSize ?? 0) > 0) controller.enqueue(frame);
            else behind.add(board);
          });
        });
        const unguard = guardStream({
          actor,
          allowed: (now) => can(now.rights, "project.read", project.id),
          onBeat: (now) => {
            // A reader who takes nothing gets no more lines to take.
            if ((controller.desiredSize ?? 0) <= 0) return;
            say(": beat\n\n");
            sayRights(now);
          },
          onLost: () => {
            say("event: closed\ndata: {}\n\n");
            stop();
          },
        });
        leave = () => {
          closed = true;
          unguard();
          for (const end of [...ends, ...opened.map((one) => one.leave)]) end();
        };
        signal.addEventListener("abort", stop, { once: true });
        if (signal.aborted) stop();
      },
      pull(controller) {
        for (const board of behind) {
          const whole = board.whole();
          if (whole) controller.enqueue(whole);
        }
        behind.clear();
      },
      // The reader went away: the stream is closed already.
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WAITING }),
  );
  return new Response(body, { headers: STREAM_HEADERS });
}
