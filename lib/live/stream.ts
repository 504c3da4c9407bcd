import type { Actor } from "#lib/access/actor.ts";
import { can, mayDeploy } from "#lib/access/policy.ts";
import { guardStream } from "#lib/events/guard.ts";
import { STREAM_HEADERS } from "#lib/events/stream.ts";
import { openBoards } from "./board.ts";
import { boardStream } from "./board-stream.ts";
import { livePlaces, readLivePlace } from "./queries.ts";
import type { LivePlaceDto } from "./schema.ts";

/**
 * What runs in an environment as Server-Sent Events: first `place` (`LivePlaceDto`, again when the right
 * changes), then a `LivePatch` a message, first a whole one of each target that is known, then what changed. Ends with `closed` within
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
  const targets = places.map(({ cluster, namespace, wave }) => ({ cluster, namespace, wave }));
  const boards = opened.map(({ board }) => board);
  const body = boardStream(boards, ({ say, keepsUp, stop }) => {
    let mayOperate: boolean | null = null;
    const sayPlace = (now: Actor) => {
      const may = mayDeploy(now.rights, project.id, environment, new Date());
      if (may === mayOperate) return;
      mayOperate = may;
      const place: LivePlaceDto = { mayOperate: may, targets };
      say(`event: place\ndata: ${JSON.stringify(place)}\n\n`);
    };
    say("retry: 1000\n\n");
    sayPlace(actor);
    const unguard = guardStream({
      actor,
      allowed: (now) => can(now.rights, "project.read", project.id),
      onBeat: (now) => {
        // A reader who takes nothing gets no more lines to take.
        if (!keepsUp()) return;
        say(": beat\n\n");
        sayPlace(now);
      },
      onLost: () => {
        say("event: closed\ndata: {}\n\n");
        stop();
      },
    });
    signal.addEventListener("abort", stop, { once: true });
    return () => {
      unguard();
      signal.removeEventListener("abort", stop);
      for (const { leave } of opened) leave();
    };
  });
  if (signal.aborted) await body.cancel();
  return new Response(body, { headers: STREAM_HEADERS });
}
