import { RUNS_IMAGES } from "#lib/artifacts/running.ts";
import { db } from "#lib/db.ts";
import { DEPLOYMENT_STATES } from "#lib/deployments/state.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { parseImage } from "#lib/plans/image-name.ts";
import { type ImagePlace, type ImageUse, type KeptPlace, wantedImages } from "./wanted.ts";

/** Plans that nobody deployed in this time are not kept for. */
const PLAN_DAYS = 30;

const images = (plan: string) =>
  Prisma.sql`jsonb_array_elements(${Prisma.raw(plan)}.inputs->'images') AS img`;
const columns = (
  reason: string,
) => Prisma.sql`${reason}::text AS reason, p.key AS project, e.key AS environment,
  r.number AS release, img->>'component' AS component, img->>'image' AS image, img->>'digest' AS digest`;

/** What the inventory says was applied last, with the images of the deployment that did it. */
const RUNNING = Prisma.sql`
  SELECT ${columns("runs")}
  FROM (SELECT DISTINCT "componentId", "deploymentId" FROM "InventoryObject" WHERE kind = ANY(${[...RUNS_IMAGES]})) i
  JOIN "Component" c ON c.id = i."componentId"
  JOIN "Deployment" d ON d.id = i."deploymentId"
  JOIN "Plan" pl ON pl.id = d."planId"
  JOIN "Release" r ON r.id = d."releaseId"
  JOIN "Project" p ON p.id = d."projectId"
  JOIN "Environment" e ON e.id = d."environmentId"
  CROSS JOIN LATERAL ${images("pl")}
  WHERE img->>'component' = c.key`;

/**
 * Of each component in each environment the last successful deployments, as many as the environment says. Deployments are
 * walked from the newest on: of a component that is seldom deployed more of them than of the others. OFFSET 0: how many
 * come of a LIMIT by a column cannot be guessed, and the guess would have the whole table of plans read.
 */
const ROLLBACKS = Prisma.sql`
  SELECT ${columns("rollback")}
  FROM "ProjectEnvironment" pe
  JOIN "Environment" e ON e.id = pe."environmentId"
  JOIN "Project" p ON p.id = pe."projectId"
  JOIN "Component" c ON c."projectId" = p.id AND c."archivedAt" IS NULL
  CROSS JOIN LATERAL (
    SELECT d."planId", d."releaseId" FROM "Deployment" d
    WHERE d."projectId" = p.id AND d."environmentId" = e.id AND d.state = 'succeeded'
      AND EXISTS (SELECT FROM "ReleaseItem" ri WHERE ri."releaseId" = d."releaseId" AND ri."componentId" = c.id)
    ORDER BY d.id DESC LIMIT e."keptDeployments"
  ) d
  CROSS JOIN LATERAL (SELECT inputs FROM "Plan" WHERE id = d."planId" OFFSET 0) pl
  JOIN "Release" r ON r.id = d."releaseId"
  CROSS JOIN LATERAL ${images("pl")}
  WHERE img->>'component' = c.key`;

const UNENDED = DEPLOYMENT_STATES.filter(
  (state) => !["succeeded", "rolled_back", "cancelled"].includes(state),
);
/** Deployments that have not ended; what a failed one left is in the inventory. */
const DEPLOYING = Prisma.sql`
  SELECT ${columns("deploys")}
  FROM "Deployment" d
  JOIN "Plan" pl ON pl.id = d."planId"
  JOIN "Release" r ON r.id = d."releaseId"
  JOIN "Project" p ON p.id = d."projectId"
  JOIN "Environment" e ON e.id = d."environmentId"
  CROSS JOIN LATERAL ${images("pl")}
  WHERE d.state = ANY(${UNENDED})
    AND (d.state <> 'failed' OR d."endedAt" > now() - make_interval(days => ${PLAN_DAYS}))`;

/** Plans that may yet be deployed. */
const PLANNED = Prisma.sql`
  SELECT ${columns("plan")}
  FROM "Plan" pl
  JOIN "Release" r ON r.id = pl."releaseId"
  JOIN "Project" p ON p.id = pl."projectId"
  JOIN "Environment" e ON e.id = pl."environmentId"
  CROSS JOIN LATERAL ${images("pl")}
  WHERE pl."computedAt" > now() - make_interval(days => ${PLAN_DAYS})
    AND (r.state = 'built' OR pl.kind = 'rollback')
    AND NOT EXISTS (SELECT FROM "Deployment" d WHERE d."releaseId" = pl."releaseId" AND d."planId" = pl.id)`;

/** Release orders on their way: they need their images in environments to come. */
const FLOWING = Prisma.sql`
  SELECT 'flow'::text, p.key, NULL, r.number, c.key, a.image, a.digest
  FROM "Release" r
  JOIN "Project" p ON p.id = r."projectId"
  JOIN "ReleaseItem" ri ON ri."releaseId" = r.id
  JOIN "Component" c ON c.id = ri."componentId"
  JOIN "Artifact" a ON a."itemId" = ri.id
  WHERE r.state IN ('building', 'build_failed', 'built')`;

/** Everything that needs an image, by the record, now. */
export const imageUsesSql = Prisma.join([RUNNING, ROLLBACKS, DEPLOYING, PLANNED, FLOWING], " UNION ");

/** Where images of these digests were pushed and copied. */
async function imagePlaces(
  digests: readonly string[],
  byHost: ReadonlyMap<string, string>,
): Promise<ImagePlace[]> {
  const rows = await db.$queryRaw<
    (Omit<ImagePlace, "registryId"> & { registryId: string | null; image: string })[]
  >`
    SELECT p.key AS project, c.key AS component, a.digest, a.image, copy."registryId", copy.repository
    FROM "Artifact" a
    JOIN "ReleaseItem" ri ON ri.id = a."itemId"
    JOIN "Component" c ON c.id = ri."componentId"
    JOIN "Project" p ON p.id = c."projectId"
    LEFT JOIN LATERAL (
      SELECT NULL::uuid AS "registryId", '' AS repository
      UNION ALL
      SELECT i."registryId", i.repository FROM "ImageCopy" i
      WHERE i."artifactId" = a.id AND i.state = 'copied' AND i.digest = a.digest
    ) copy ON true
    WHERE a.digest = ANY(${[...digests]})`;
  return rows.flatMap(({ image, registryId, repository, ...place }) => {
    const { host, path } = parseImage(image);
    const id = registryId ?? byHost.get(host);
    return id === undefined
      ? []
      : [{ ...place, registryId: id, repository: registryId === null ? path : repository }];
  });
}

/**
 * The images that no cleanup may delete, as of now: `wantedImages` over what the database has. Three statements,
 * however many there are.
 */
export async function imagesToKeep(): Promise<KeptPlace[]> {
  const [uses, rows] = await Promise.all([
    db.$queryRaw<ImageUse[]>(imageUsesSql),
    db.registry.findMany({ select: { id: true, url: true } }),
  ]);
  const registries = rows.map(({ id, url }) => ({ id, host: new URL(url).host }));
  const byHost = new Map(registries.map(({ id, host }) => [host, id]));
  const digests = [...new Set(uses.map(({ digest }) => digest))];
  return wantedImages(uses, digests.length === 0 ? [] : await imagePlaces(digests, byHost), registries);
}
