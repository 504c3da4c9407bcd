import { db } from "#lib/db.ts";

/** An image that counts for a component: what it was built from, and on which base version. */
type Built = {
  artifactId: string;
  digest: string;
  releaseId: string;
  release: string;
  commit: string;
  commitSubject: string | null;
  baseVersionId: string | null;
};
export type Placement = {
  componentId: string;
  component: string;
  componentName: string;
  projectId: string;
  project: string;
  projectName: string;
  /** In order of rank. */
  places: (Built & { environment: string })[];
  /** Of the newest release order that passed somewhere, else of the newest that runs. */
  source: Built;
};

type Row = Built & Omit<Placement, "places" | "source"> & { environment: string | null };

/**
 * Every component that runs somewhere or has passed somewhere, of all projects: whoever shows it leaves out what the
 * reader may not see. What runs is what was applied last, as the record has it.
 */
export async function readPlacements(): Promise<Placement[]> {
  const rows = await db.$queryRaw<Row[]>`
    WITH applied AS (
      SELECT DISTINCT o."componentId", t."environmentId", o."deploymentId"
      FROM "InventoryObject" o JOIN "Target" t ON t.id = o."targetId"
      WHERE o.kind IN ('Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob')
    ), running AS (
      SELECT DISTINCT c.id AS "componentId", applied."environmentId", image->>'digest' AS digest
      FROM applied
      JOIN "Component" c ON c.id = applied."componentId"
      JOIN "Deployment" d ON d.id = applied."deploymentId"
      JOIN "Plan" p ON p.id = d."planId"
      CROSS JOIN LATERAL jsonb_array_elements(p.inputs->'images') image
      WHERE image->>'component' = c.key
    ), counted AS (
      SELECT running."componentId", running."environmentId", built.id AS "artifactId"
      FROM running
      JOIN LATERAL (
        SELECT a.id FROM "Artifact" a JOIN "ReleaseItem" i ON i.id = a."itemId"
        WHERE a.digest = running.digest AND i."componentId" = running."componentId"
        ORDER BY a."createdAt" DESC LIMIT 1
      ) built ON true
      UNION ALL
      (SELECT DISTINCT ON (i."componentId") i."componentId", NULL, a.id
      FROM "ReleaseItem" i JOIN "Artifact" a ON a."itemId" = i.id JOIN "Release" r ON r.id = i."releaseId"
      WHERE r.state <> 'abandoned'
        AND EXISTS (SELECT 1 FROM "Stage" s WHERE s."releaseId" = r.id AND s.state = 'passed')
      ORDER BY i."componentId", r.id DESC)
    )
    SELECT a.id AS "artifactId", a.digest, a.commit, a."baseVersionId", i."commitSubject", r.id AS "releaseId",
      r.number AS release, c.id AS "componentId", c.key AS component, c.name AS "componentName",
      p.id AS "projectId", p.key AS project, p.name AS "projectName", e.key AS environment
    FROM counted
    JOIN "Artifact" a ON a.id = counted."artifactId"
    JOIN "ReleaseItem" i ON i.id = a."itemId"
    JOIN "Release" r ON r.id = i."releaseId"
    JOIN "Component" c ON c.id = counted."componentId"
    JOIN "Project" p ON p.id = c."projectId"
    LEFT JOIN "Environment" e ON e.id = counted."environmentId"
    WHERE c."archivedAt" IS NULL
    ORDER BY p.key, c.key, e.rank NULLS FIRST`;
  const found = new Map<string, Placement>();
  const passed = new Set(rows.flatMap((row) => (row.environment === null ? [row.componentId] : [])));
  for (const {
    environment,
    componentId,
    component,
    componentName,
    projectId,
    project,
    projectName,
    ...built
  } of rows) {
    const known = found.get(componentId) ?? {
      ...{ componentId, component, componentName, projectId, project, projectName },
      places: [],
      source: built,
    };
    found.set(componentId, known);
    if (environment === null) continue;
    // Without a passed one, which comes first, the newest that runs stands for it.
    if (!passed.has(componentId) && built.releaseId > known.source.releaseId) known.source = built;
    known.places.push({ ...built, environment });
  }
  return [...found.values()];
}
