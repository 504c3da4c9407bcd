import type { BuildServer, BuildSurvey } from "#lib/adapters/ports.ts";
import { type BuildServerRow, buildServerOf, buildServerSelect } from "#lib/connections/connect.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { logger } from "#lib/logger.ts";

/** How often a build server is asked while something of it waits or runs. */
const EVERY_MS = 400;
const ASK_WITHIN_MS = 10_000;

/** What the portal knows of a build that has not ended. */
export type Known = { id: string; state: string; queueId: number | null; number: number | null };
type Subjects = { held(): readonly string[]; wake(id: string): void };

/**
 * Asks each build server for all builds at once, and has those looked at that have moved. It only wakes: a look sees for
 * itself and comes by itself, if later. So a server that cannot be asked here costs time and nothing else.
 */
export class BuildWatch {
  readonly #subjects: Subjects;
  readonly #asked = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #reading = false;

  /** @param subjects the builds that this process looks at */
  constructor(subjects: Subjects) {
    this.#subjects = subjects;
    this.#timer = setInterval(() => void this.#turn(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #turn(): Promise<void> {
    const ids = this.#subjects.held();
    if (ids.length === 0 || this.#reading) return;
    this.#reading = true;
    try {
      for (const { server, builds } of await readKnown(ids)) void this.#ask(server, builds);
    } catch (error) {
      logger.warn({ error }, "builds cannot be watched");
    } finally {
      this.#reading = false;
    }
  }

  /** One question at a time to each: a slow server is not asked again before it has answered. */
  async #ask(row: BuildServerRow, known: readonly Known[]): Promise<void> {
    if (this.#asked.has(row.id)) return;
    this.#asked.add(row.id);
    try {
      for (const id of await movedOf(known, buildServerOf(row))) this.#subjects.wake(id);
    } catch (error) {
      // Each build's own look says so where people see it.
      if (!(error instanceof AdapterError)) logger.warn({ error }, "a build server cannot be watched");
    } finally {
      this.#asked.delete(row.id);
    }
  }
}

async function readKnown(ids: readonly string[]): Promise<{ server: BuildServerRow; builds: Known[] }[]> {
  const rows = await db.build.findMany({
    relationLoadStrategy: "join",
    where: { id: { in: [...ids] }, state: { in: ["queued", "running"] } },
    select: {
      id: true,
      state: true,
      queueId: true,
      number: true,
      buildServer: { select: buildServerSelect },
    },
  });
  const byServer = new Map<string, { server: BuildServerRow; builds: Known[] }>();
  for (const { buildServer, ...known } of rows) {
    if (!buildServer) continue;
    const group = byServer.get(buildServer.id) ?? { server: buildServer, builds: [] };
    group.builds.push(known);
    byServer.set(buildServer.id, group);
  }
  return [...byServer.values()];
}

/**
 * Which of the builds have left the state that the portal knows: two requests for all of them, one where none waits.
 * @throws AdapterError
 */
export async function movedOf(
  known: readonly Known[],
  server: Pick<BuildServer, "survey">,
): Promise<string[]> {
  const wanted = {
    queue: known.some(({ queueId, number }) => queueId !== null && number === null),
    builds: known.some(({ number }) => number !== null),
  };
  if (!wanted.queue && !wanted.builds) return [];
  const seen = await server.survey(wanted, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
  return known.filter((build) => hasMoved(build, seen)).map(({ id }) => id);
}

/** Out of the queue, or begun, or ended. What is not among the newest builds is left to its own looks. */
export function hasMoved({ state, queueId, number }: Known, { queue, builds }: BuildSurvey): boolean {
  if (number !== null) {
    const building = builds?.get(number);
    return building !== undefined && (state === "queued" || !building);
  }
  return queueId !== null && queue !== null && !queue.has(queueId);
}
