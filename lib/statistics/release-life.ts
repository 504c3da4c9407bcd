import type { Actor } from "#lib/access/actor.ts";
import { readRelease } from "#lib/releases/queries.ts";
import { cutLife, STEPS } from "./life.ts";
import { readLives } from "./lives.ts";
import type { ReleaseLifeDto } from "./schema.ts";

/** Where the time of one release order went, in order, up to its end or to now. @throws AppError NOT_FOUND */
export async function releaseLife(actor: Actor, number: string): Promise<ReleaseLifeDto> {
  const { id } = await readRelease(actor, number);
  const lives = await readLives([id]);
  const now = new Date();
  return {
    now: now.toISOString(),
    open: lives.every(({ life }) => life.endedAt === null),
    steps: lives.flatMap(({ life }) =>
      cutLife(life, now).map(({ kind, environment, from, until }) => ({
        kind,
        environment,
        ...STEPS[kind],
        from: from.toISOString(),
        until: until.toISOString(),
      })),
    ),
  };
}
