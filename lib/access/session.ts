import { ServerResponse } from "node:http";
import type { NextApiRequest } from "next";
import { redirect } from "next/navigation";
import { getServerSession, type Session } from "next-auth";
import { cache } from "react";
import { type Actor, loadActor } from "./actor.ts";
import { authOptions } from "./auth-options.ts";

/**
 * The signed-in person behind a session cookie; null when there is none, or it died (disabled, password changed).
 * Read once for all that renders one page.
 */
export const sessionActor = cache(async (requestId: string | null = null): Promise<Actor | null> => {
  return actorOf(await getServerSession(authOptions), requestId);
});

/** The same of a call that has no headers to look up, because it is answered by Node.js and not by a route handler. */
export async function sessionActorOf(request: NextApiRequest, requestId: string): Promise<Actor | null> {
  // The session's cookie is renewed on this answer, which nobody gets: calls of the API do not renew it.
  return actorOf(await getServerSession(request, new ServerResponse(request), authOptions), requestId);
}

async function actorOf(session: Session | null, requestId: string | null): Promise<Actor | null> {
  if (!session) return null;
  const actor = await loadActor(session.userId, requestId);
  return actor && actor.sessionVersion === session.sessionVersion ? actor : null;
}

/** For pages: the signed-in person, or a redirect to sign-in that comes back to `path`. */
export async function requireUser(path = "/"): Promise<Actor> {
  const actor = await sessionActor();
  if (!actor) redirect(`/login?callbackUrl=${encodeURIComponent(path)}`);
  return actor;
}
