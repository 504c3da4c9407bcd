import type { Actor } from "#lib/access/actor.ts";
import { can, mayDeploy } from "#lib/access/policy.ts";
import { guardEvents } from "#lib/events/guard.ts";
import type { EventStream } from "#lib/http/event-stream.ts";
import { openBoards } from "./board.ts";
import { tellBoards } from "./board-stream.ts";
import { livePlaces, readLivePlace } from "./queries.ts";
import type { LivePlaceDto } from "./schema.ts";

/**
 * What runs in an environment as Server-Sent Events: first `place` (`LivePlaceDto`, again when the right
 * changes), then a `LivePatch` a message, first a whole one of each target that is known, then what changed. Ends with `closed` within
 * five seconds after the reader lost the right to read the project, their session or their API token.
 * @returns tells it; to be called once, by whoever opened it
 * @throws AppError NOT_FOUND
 */
export async function openLiveStream(input: {
  actor: Actor;
  project: string;
  environment: string;
}): Promise<(out: EventStream) => void> {
  const { actor } = input;
  const { project, environment } = await readLivePlace(actor, input);
  const places = await livePlaces(project, environment);
  const opened = await openBoards(places);
  const targets = places.map(({ cluster, namespace, wave }) => ({ cluster, namespace, wave }));
  const boards = opened.map(({ board }) => board);
  return (out) => {
    out.onEnd(() => {
      for (const { leave } of opened) leave();
    });
    let mayOperate: boolean | null = null;
    const sayPlace = (now: Actor) => {
      const may = mayDeploy(now.rights, project.id, environment, new Date());
      if (may === mayOperate) return;
      mayOperate = may;
      const place: LivePlaceDto = { mayOperate: may, targets };
      out.send(`event: place\ndata: ${JSON.stringify(place)}\n\n`);
    };
    out.send("retry: 1000\n\n");
    sayPlace(actor);
    const allowed = (now: Actor) => can(now.rights, "project.read", project.id);
    guardEvents(out, { actor, allowed, onBeat: sayPlace });
    tellBoards(boards, out);
  };
}
