import { type Actor, loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import type { EventStream } from "#lib/http/event-stream.ts";

/** How often an open stream asks whether its reader may still read; what is lost ends it within five seconds. */
const BEAT_MS = 3_000;
/** Streams of one person that ask at the same time share one answer. */
const SHARED_MS = 800;

type Standing = Awaited<ReturnType<typeof loadActor>>;
const holder = globalThis as typeof globalThis & {
  refractStandings?: Map<string, { until: number; standing: Promise<Standing> }>;
};

/** The person as they are now; null when they are disabled or the API token that they came with is no longer good. */
async function standingOf({ id, token }: Actor): Promise<Standing> {
  if (token) {
    const row = await db.apiToken.findUnique({
      where: { id: token },
      select: { revokedAt: true, expiresAt: true },
    });
    if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= new Date())) return null;
  }
  return loadActor(id);
}

function sharedStanding(actor: Actor): Promise<Standing> {
  holder.refractStandings ??= new Map();
  const known = holder.refractStandings;
  const now = performance.now();
  for (const [key, { until }] of known) if (until < now) known.delete(key);
  const key = `${actor.id} ${actor.token ?? ""}`;
  const fresh = known.get(key);
  if (fresh) return fresh.standing;
  const standing = standingOf(actor);
  known.set(key, { until: now + SHARED_MS, standing });
  return standing;
}

/**
 * Asks while a stream is open whether its reader keeps what they came with: the account, the session or API token, and
 * the right that `allowed` looks for. `onBeat` gets the person as they are then. `onLost` is called once: with `unknown`
 * when nobody could tell, as while the database is away, and who asks again may get an answer.
 * @returns ends the asking
 */
export function guardStream(input: {
  actor: Actor;
  allowed: (actor: Actor) => boolean | Promise<boolean>;
  onBeat: (actor: Actor) => void;
  onLost: (why: "lost" | "unknown") => void;
}): () => void {
  const { actor, allowed, onBeat, onLost } = input;
  let session: Promise<number | undefined> | null = null;
  // A changed password ends sessions, not API tokens.
  if (!actor.token) session = standingOf(actor).then((now) => now?.sessionVersion);
  session?.catch(() => undefined);
  const lose = (why: "lost" | "unknown") => {
    clearInterval(timer);
    onLost(why);
  };
  const timer = setInterval(async () => {
    try {
      const now = await sharedStanding(actor);
      const same = !session || now?.sessionVersion === (await session);
      if (now && same && (await allowed(now))) return onBeat(now);
    } catch {
      // Nobody can tell whether the reader may still read, so they do not.
      return lose("unknown");
    }
    lose("lost");
  }, BEAT_MS);
  return () => clearInterval(timer);
}

/**
 * Guards an open event stream: it ends with `closed` when its reader may no longer hear it, and without it when nobody
 * can tell: the reader comes back and is asked who they are. An event a beat keeps it from proxies that close quiet
 * connections, and by its absence tells the reader of a connection that leads nowhere any more; `onBeat` is for what
 * follows from the reader's rights. A reader who takes nothing gets no more lines to take.
 */
export function guardEvents(
  out: EventStream,
  input: {
    actor: Actor;
    allowed: (actor: Actor) => boolean | Promise<boolean>;
    onBeat?: (actor: Actor) => void;
  },
): void {
  const unguard = guardStream({
    actor: input.actor,
    allowed: input.allowed,
    onBeat: (now) => {
      if (!out.keepsUp) return;
      out.send("event: beat\ndata: {}\n\n");
      input.onBeat?.(now);
    },
    onLost: (why) => {
      if (why === "lost") out.send("event: closed\ndata: {}\n\n");
      out.end();
    },
  });
  out.onEnd(unguard);
}
