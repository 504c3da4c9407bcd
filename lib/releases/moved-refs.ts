import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import type { MovedRefsDto } from "./schema.ts";
import { UNFINISHED_RELEASES } from "./state.ts";

const TIMEOUT_MS = 15_000;
/** Requests to Git hosts at a time for one list. */
const AT_ONCE = 6;
/** Refs that one list asks for at most; a page seldom names more than a few branches of a few repositories. */
const MOST_ASKED = 200;
/** Many look at the same lists: the Git host is asked once for all of them. */
const KEPT_MS = 30_000;
const MAX_KEPT = 2000;
/** Fewer letters are taken for a name. */
const SHORTEST_COMMIT = 7;

type Place = { project: string; gitUrl: string; ref: string };
/** Where a ref points; null: nowhere any more; undefined: nobody could tell. */
type Tip = { commit: string; kind: "branch" | "tag" | "commit" } | null | undefined;
const kept = new Map<string, { until: number; tip: Promise<Tip> }>();

/**
 * Which refs of release orders point elsewhere than when they were frozen, for a list: what is finished, unknown or not to
 * be read is left out, and each ref is asked for once, however many orders name it. How far a branch has moved on the
 * order's own page tells.
 * @param numbers of the release orders
 */
export async function movedRefs(actor: Actor, numbers: readonly string[]): Promise<MovedRefsDto> {
  const projects = readableProjects(actor);
  const rows = await db.releaseItem.findMany({
    where: {
      release: {
        number: { in: [...numbers] },
        state: { in: [...UNFINISHED_RELEASES] },
        ...(projects ? { projectId: { in: projects } } : {}),
      },
    },
    orderBy: [{ releaseId: "desc" }, { component: { key: "asc" } }],
    select: {
      ref: true,
      commit: true,
      artifact: { select: { commit: true } },
      component: { select: { key: true, gitUrl: true } },
      release: { select: { number: true, project: { select: { key: true } } } },
    },
  });
  const frozen = rows.flatMap(({ ref, commit, artifact, component, release }) => {
    const at = artifact?.commit ?? commit;
    const place = { project: release.project.key, gitUrl: component.gitUrl, ref };
    // A commit points to itself.
    return at === null || (ref.length >= SHORTEST_COMMIT && at.startsWith(ref.toLowerCase()))
      ? []
      : [{ release: release.number, component: component.key, place, at }];
  });
  const tips = await tipsOf(frozen.map(({ place }) => place));
  return {
    items: frozen.flatMap(({ release, component, place, at }) => {
      const tip = tips.get(keyOf(place));
      if (tip === undefined || tip?.commit === at) return [];
      const state = tip === null ? "gone" : tip.kind === "branch" ? "elsewhere" : "moved";
      return [{ release, component, ref: place.ref, state }];
    }),
  };
}

const keyOf = ({ project, gitUrl, ref }: Place) => [project, gitUrl, ref].join("\n");

async function tipsOf(places: readonly Place[]): Promise<Map<string, Tip>> {
  const waiting = [...new Map(places.map((place) => [keyOf(place), place])).values()].slice(0, MOST_ASKED);
  const tips = new Map<string, Tip>();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const worker = async () => {
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift())
      tips.set(keyOf(place), await tipOf(place, signal));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tips;
}

async function tipOf(place: Place, signal: AbortSignal): Promise<Tip> {
  const key = keyOf(place);
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.tip;
  if (kept.size >= MAX_KEPT) kept.clear();
  const tip = ask(place, signal);
  kept.set(key, { until: Date.now() + KEPT_MS, tip });
  const forget = () => kept.delete(key);
  // The host may answer the next time.
  tip.then((answer) => answer === undefined && forget(), forget);
  return tip;
}

async function ask({ project, gitUrl, ref }: Place, signal: AbortSignal): Promise<Tip> {
  try {
    return await sourceHost(project).resolve({ gitUrl, ref }, { signal });
  } catch (error) {
    if (error instanceof AdapterError) return undefined;
    throw error;
  }
}
