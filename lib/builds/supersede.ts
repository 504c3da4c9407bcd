import type { Tx } from "#lib/db.ts";
import type { Cause } from "./schema.ts";

type Newer = {
  id: string;
  item: {
    id: string;
    ref: string;
    component: { id: string; project: { supersedeQueuedBuilds: boolean } };
  };
};

/**
 * Where a project wants it, a new build takes the place of those of the same component and ref that still wait: nobody
 * needs what is older on the same line, but a hotfix is not pushed aside by the main branch. Only the wish is recorded;
 * each is ended by whoever looks at it next, under its own release's lock, unless it has begun to run by then.
 * @returns ids of the builds to look at
 */
export async function supersedeOlder(tx: Tx, started: readonly Newer[]): Promise<string[]> {
  const newer = started.filter(({ item }) => item.component.project.supersedeQueuedBuilds);
  if (newer.length === 0) return [];
  const rows = newer.map(({ id, item }) => ({
    id,
    item: item.id,
    component: item.component.id,
    ref: item.ref,
  }));
  const replaced = await tx.$queryRaw<{ id: string }[]>`
    UPDATE "Build" old SET "supersededById" = newer.id, version = old.version + 1
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS newer (id uuid, item uuid, component uuid, ref text),
      "ReleaseItem" i
    WHERE i.id = old."itemId" AND i."componentId" = newer.component AND i.ref = newer.ref AND i.id <> newer.item
      AND old.state = 'queued' AND old.number IS NULL AND old."supersededById" IS NULL
      AND old."abortRequestedAt" IS NULL
    RETURNING old.id`;
  return replaced.map(({ id }) => id);
}

/** Which build took the place of another, by its release order. */
export async function causeOfSuperseding(tx: Tx, newerId: string): Promise<Cause> {
  const newer = await tx.build.findUnique({
    relationLoadStrategy: "join",
    where: { id: newerId },
    select: { item: { select: { release: { select: { number: true } } } } },
  });
  const release = newer?.item.release.number ?? "";
  return { code: "SUPERSEDED", message: `superseded by ${release}`, facts: { build: newerId, release } };
}
