import type { Actor } from "#lib/access/actor.ts";
import type { GitCommit } from "#lib/adapters/ports.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { ticketPatterns } from "#lib/tickets/queries.ts";
import { toCommit } from "./changes.ts";
import { readRelease } from "./queries.ts";
import { type RefState, refState } from "./ref-state.ts";
import type { RefsDto } from "./schema.ts";

const TIMEOUT_MS = 20_000;
/** Many look at the page of one release order: the Git host is asked once for all of them. */
const KEPT_MS = 30_000;
const MAX_KEPT = 500;

type Standing = { state: RefState; commits: number; newest: GitCommit | null };
type Frozen = { project: string; gitUrl: string; ref: string; frozen: string };

const kept = new Map<string, { until: number; standing: Promise<Standing> }>();

/**
 * Where the refs of a release order point now, beside the commits that it froze. Items that are not frozen yet are left
 * out; a ref that cannot be asked for is `unknown`, and the others are told.
 * @throws AppError NOT_FOUND
 */
export async function releaseRefs(actor: Actor, number: string): Promise<RefsDto> {
  const { id, project } = await readRelease(actor, number);
  const items = await db.releaseItem.findMany({
    where: { releaseId: id },
    orderBy: { component: { key: "asc" } },
    select: {
      ref: true,
      commit: true,
      artifact: { select: { commit: true } },
      component: { select: { key: true, gitUrl: true } },
    },
  });
  const frozen = items.flatMap(({ ref, commit, artifact, component }) => {
    const at = artifact?.commit ?? commit;
    const { key, gitUrl } = component;
    return at === null ? [] : [{ component: key, project: project.key, gitUrl, ref, frozen: at }];
  });
  const patterns = await ticketPatterns(project.id);
  return {
    items: await Promise.all(
      frozen.map(async ({ component, ...item }) => {
        const { newest, ...standing } = await standingOf(item);
        return { component, ref: item.ref, ...standing, newest: newest && toCommit(newest, patterns) };
      }),
    ),
  };
}

async function standingOf(item: Frozen): Promise<Standing> {
  const key = [item.project, item.gitUrl, item.ref, item.frozen].join("\n");
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.standing;
  if (kept.size >= MAX_KEPT) kept.clear();
  const standing = lookAt(item);
  kept.set(key, { until: Date.now() + KEPT_MS, standing });
  const answer = await standing.catch((error: unknown) => {
    kept.delete(key);
    throw error;
  });
  // The host may answer the next time.
  if (answer.state === "unknown") kept.delete(key);
  return answer;
}

/** Asks the Git host how a ref stands to the commit that was frozen; `unknown` when it does not tell. */
export async function lookAt({ project, gitUrl, ref, frozen }: Frozen): Promise<Standing> {
  const host = sourceHost(project);
  const options = { signal: AbortSignal.timeout(TIMEOUT_MS) };
  try {
    const now = await host.resolve({ gitUrl, ref }, options);
    const nothing = { commits: 0, newest: null };
    if (now === null || now.commit === frozen) return { state: refState(frozen, now, 0), ...nothing };
    if ((await host.resolve({ gitUrl, ref: frozen }, options)) === null) {
      // The host has thrown the frozen commit away: no branch leads there.
      return { state: refState(frozen, now, 1), commits: 0, newest: now };
    }
    const ahead = await host.between({ gitUrl, from: frozen, to: now.commit, limit: 1 }, options);
    const left = await host.between({ gitUrl, from: now.commit, to: frozen, limit: 1 }, options);
    return { state: refState(frozen, now, left.total), commits: ahead.total, newest: now };
  } catch (error) {
    if (error instanceof AdapterError) return { state: "unknown", commits: 0, newest: null };
    throw error;
  }
}
