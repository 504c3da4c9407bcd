import { redirect } from "next/navigation";
import { getServerSession } from "next-auth";
import { cache } from "react";
import { type Actor, loadActor } from "./actor.ts";
import { authOptions } from "./auth-options.ts";

/**
 * The signed-in person behind a session cookie; null when there is none, or it died (disabled, password changed).
 * Read once for all that renders one page.
 */
export const sessionActor = cache(async (requestId: string | null = null): Promise<Actor | null> => {
  const session = await getServerSession(authOptions);
  if (!session) return null;
  const actor = await loadActor(session.userId, requestId);
  return actor && actor.sessionVersion === session.sessionVersion ? actor : null;
});

/** For pages: the signed-in person, or a redirect to sign-in that comes back to `path`. */
export async function requireUser(path = "/"): Promise<Actor> {
  const actor = await sessionActor();
  if (!actor) redirect(`/login?callbackUrl=${encodeURIComponent(path)}`);
  return actor;
}
