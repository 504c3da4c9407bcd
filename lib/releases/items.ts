import type { ItemToBuild } from "#lib/builds/start.ts";
import { db, type Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import { NOW } from "#lib/stages/time.ts";
import { resolveRefs } from "./freeze.ts";

/** With `commit`, a commit of the ref is meant, wherever that points by now. */
export type WantedItem = { component: string; ref: string; commit?: string };
/** What of a component has to be known to find its refs. */
export type KnownComponent = { id: string; key: string; gitUrl: string; archivedAt: Date | null };
export const knownComponent = { id: true, key: true, gitUrl: true, archivedAt: true } as const;
export type FoundItem = {
  componentId: string;
  component: string;
  ref: string;
  commit: string;
  commitSubject: string;
  commitAuthor: string;
};

/**
 * Finds the components and where their refs point. Blockers: COMPONENT_NOT_FOUND, COMPONENT_ARCHIVED, REF_NOT_FOUND,
 * REPOSITORY_REFUSED, one per item that has one.
 * @throws AdapterError when a Git host cannot be reached
 */
export async function findItems(
  project: { id: string; key: string },
  wanted: readonly WantedItem[],
): Promise<{ items: FoundItem[]; blockers: Blocker[] }> {
  const known = await db.component.findMany({
    where: { projectId: project.id, key: { in: wanted.map(({ component }) => component) } },
    select: knownComponent,
  });
  return resolveItems(project.key, wanted, known);
}

/** As `findItems`, for components that were read already. */
export async function resolveItems(
  project: string,
  wanted: readonly WantedItem[],
  known: readonly KnownComponent[],
): Promise<{ items: FoundItem[]; blockers: Blocker[] }> {
  const blockers: Blocker[] = [];
  const usable = wanted.flatMap(({ component, ref, commit }) => {
    const row = known.find(({ key }) => key === component);
    if (row && !row.archivedAt) return [{ id: row.id, component, gitUrl: row.gitUrl, ref, commit }];
    blockers.push({
      code: row ? "COMPONENT_ARCHIVED" : "COMPONENT_NOT_FOUND",
      message: `component ${component} ${row ? "is archived" : "is not in this project"}`,
      facts: { component },
      liftedBy: ["owner"],
    });
    return [];
  });
  const resolved = await resolveRefs(project, usable);
  blockers.push(...resolved.blockers);
  if (blockers.length > 0) return { items: [], blockers };
  const items = usable.flatMap(({ id, component, ref }, index) => {
    const commit = resolved.commits[index];
    if (!commit) return [];
    return [
      {
        componentId: id,
        component,
        ref,
        commit: commit.commit,
        commitSubject: commit.subject,
        commitAuthor: commit.authorName,
      },
    ];
  });
  return { items, blockers };
}

/**
 * Writes down the commits, in one statement.
 * @returns the release's items as they are built next, in the order of `items`, and the database's clock
 */
export async function freezeItems(
  tx: Tx,
  releaseId: string,
  items: readonly FoundItem[],
): Promise<{ items: ItemToBuild[]; now: Date }> {
  const rows = await tx.$queryRaw<{ id: string; componentId: string; attempt: number; now: Date }[]>`
    UPDATE "ReleaseItem" item SET commit = found.commit, "commitSubject" = found."commitSubject",
      "commitAuthor" = found."commitAuthor"
    FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS found ("componentId" uuid, commit text,
      "commitSubject" text, "commitAuthor" text)
    WHERE item."releaseId" = ${releaseId}::uuid AND item."componentId" = found."componentId"
    RETURNING item.id, item."componentId", ${NOW} AS now,
      (SELECT coalesce(max(b.attempt), 0) FROM "Build" b WHERE b."itemId" = item.id)::int AS attempt`;
  const [first] = rows;
  if (!first) throw new Error("there is nothing to build");
  const frozen = items.map(({ componentId, ref, commit }) => {
    const row = rows.find((one) => one.componentId === componentId);
    if (!row) throw new Error(`the release has no item of component ${componentId}`);
    return { id: row.id, componentId, ref, commit, attempt: row.attempt };
  });
  return { items: frozen, now: first.now };
}
