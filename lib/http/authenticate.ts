import { type Actor, actorOf, actorSelect } from "#lib/access/actor.ts";
import { sessionActor } from "#lib/access/session.ts";
import { sha256 } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Who calls: an API token (`Authorization: Bearer`) or a session cookie. With a cookie, unsafe calls must come from
 * our own pages, so that another site cannot use a signed-in browser.
 * @param session who the session cookie stands for
 * @throws AppError UNAUTHENTICATED | CROSS_ORIGIN
 */
export async function authenticate(
  request: Request,
  requestId: string,
  session: (requestId: string) => Promise<Actor | null> = sessionActor,
): Promise<Actor> {
  const authorization = request.headers.get("authorization");
  if (authorization) return bearerActor(authorization, requestId);
  const actor = await session(requestId);
  if (!actor) throw new AppError("UNAUTHENTICATED", "sign in, or send an API token");
  if (!SAFE.has(request.method)) requireSameOrigin(request);
  return actor;
}

async function bearerActor(authorization: string, requestId: string): Promise<Actor> {
  const token = /^Bearer ([\w-]{20,200})$/.exec(authorization)?.[1];
  const row = token
    ? await db.apiToken.findUnique({
        where: { tokenHash: sha256(token) },
        select: {
          id: true,
          expiresAt: true,
          revokedAt: true,
          lastUsedAt: true,
          user: { select: actorSelect() },
        },
      })
    : null;
  const now = new Date();
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= now)) {
    throw new AppError("UNAUTHENTICATED", "the API token is unknown, revoked or expired");
  }
  const actor = actorOf(row.user, requestId);
  if (!actor) throw new AppError("UNAUTHENTICATED", "the user of this API token is disabled");
  // Once a minute is enough to tell whether a token is in use.
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > 60_000) {
    await db.apiToken.update({ where: { id: row.id }, data: { lastUsedAt: now } });
  }
  return { ...actor, token: row.id };
}

function requireSameOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  if (origin) {
    const from = URL.parse(origin)?.host;
    if (from && (from === host || from === new URL(env.NEXTAUTH_URL).host)) return;
  } else if (request.headers.get("sec-fetch-site") === "same-origin") return;
  throw new AppError(
    "CROSS_ORIGIN",
    "this call must come from the portal's own pages, or carry an API token",
  );
}
