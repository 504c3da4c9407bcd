import type { WAITING_KINDS, WaitingDto } from "./schema.ts";

/** One thing that waits, before the project's names are added. */
export type Waiting = Omit<WaitingDto, "project" | "projectName"> & { projectId: string };

/** What hurts others while it waits comes first: a broken environment, one half done, people held up, then work of one's own. */
const URGENCY: Record<(typeof WAITING_KINDS)[number], number> = {
  deploy_failed: 0,
  continue: 1,
  approval: 2,
  turn: 3,
  copy_failed: 4,
  verdict: 5,
  build_failed: 6,
  deploy: 7,
  flow: 8,
  build_aborted: 9,
};

/**
 * The most urgent first, then the oldest. A release order stands once for each environment: who may retry a failed
 * deployment, or fetch its images once more, is not told to deploy as well. Images that are missing stand beside whatever
 * is more urgent there: another person may look after that. Pure.
 */
export function orderWaiting(rows: readonly Waiting[], limit: number): Waiting[] {
  const seen = new Set<string>();
  return rows
    .toSorted((a, b) => URGENCY[a.kind] - URGENCY[b.kind] || a.since.localeCompare(b.since))
    .filter((row) => {
      const place = `${row.release} ${row.environment ?? row.build}`;
      const own = row.kind === "copy_failed" ? `${place} copies` : place;
      if (seen.has(own)) return false;
      seen.add(own).add(place);
      return true;
    })
    .slice(0, limit);
}
