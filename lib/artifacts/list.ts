import type { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { toPage } from "#lib/http/page.ts";
import { artifactContentSchema, artifactEvidenceSchema, artifactScanSchema, signedBy } from "./content.ts";
import type { ARTIFACT_SEVERITIES, ArtifactSummaryDto, artifactListQuerySchema } from "./schema.ts";

const { sql, empty } = Prisma;
const SIGNED = sql`jsonb_path_exists(coalesce(a.evidence, '{}'), '$.signatures[*].verifiedBy[*]')`;
const SCANNED = sql`a.scan->>'state' = 'done'`;
const some = (...names: string[]) =>
  sql`${SCANNED} AND (${Prisma.join(
    names.map((name) => sql`(a.scan->'counts'->>${name})::int > 0`),
    " OR ",
  )})`;
const SEVERITY: Record<(typeof ARTIFACT_SEVERITIES)[number], Prisma.Sql> = {
  critical: some("critical"),
  high: some("critical", "high"),
  medium: some("critical", "high", "medium"),
  clean: sql`${SCANNED} AND jsonb_array_length(a.scan->'vulnerabilities') = 0`,
  unscanned: sql`(${SCANNED}) IS NOT TRUE`,
};

/** Of a text that may be the start of a digest: with or without its algorithm, in hex. */
function found(text: string): Prisma.Sql {
  const hex = /^(?:sha256:)?([0-9a-f]{4,64})$/.exec(text.toLowerCase())?.[1];
  const named = sql`a.image ILIKE ${`%${text.replace(/[\\%_]/g, "\\$&")}%`}`;
  return hex === undefined ? named : sql`(a.digest LIKE ${`sha256:${hex}%`} OR ${named})`;
}

/** Images of the projects that the actor may read, newest first. */
export async function listArtifacts(
  actor: Actor,
  query: z.output<typeof artifactListQuerySchema>,
): Promise<{ items: ArtifactSummaryDto[]; nextCursor: string | null }> {
  const projects = readableProjects(actor);
  const conditions = [
    projects ? sql`r."projectId" = ANY(${projects}::uuid[])` : empty,
    query.project ? sql`p.key = ${query.project}` : empty,
    query.component ? sql`c.key = ${query.component}` : empty,
    query.signed === undefined ? empty : query.signed === "yes" ? SIGNED : sql`NOT ${SIGNED}`,
    query.severity ? SEVERITY[query.severity] : empty,
    query.base ? sql`b.key = ${query.base}` : empty,
    query.behind ? sql`b.digest <> v.digest` : empty,
    query.q ? found(query.q) : empty,
    query.cursor ? sql`a.id < ${query.cursor}::uuid` : empty,
  ].filter((condition) => condition !== empty);
  const where = conditions.length === 0 ? empty : sql`WHERE ${Prisma.join(conditions, " AND ")}`;
  const ids = await db.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM "Artifact" a
    JOIN "ReleaseItem" i ON i.id = a."itemId" JOIN "Component" c ON c.id = i."componentId"
    JOIN "Release" r ON r.id = i."releaseId" JOIN "Project" p ON p.id = r."projectId"
    LEFT JOIN "BaseImageVersion" v ON v.id = a."baseVersionId" LEFT JOIN "BaseImage" b ON b.id = v."baseImageId"
    ${where} ORDER BY a.id DESC LIMIT ${query.limit + 1}`;
  const page = toPage(ids, query.limit, ({ id }) => id);
  const rows = await db.artifact.findMany({
    where: { id: { in: page.items.map(({ id }) => id) } },
    orderBy: { id: "desc" },
    include: {
      baseVersion: { select: { digest: true, baseImage: { select: { key: true, digest: true } } } },
      item: {
        select: {
          component: { select: { key: true } },
          release: { select: { number: true, project: { select: { key: true, name: true } } } },
        },
      },
    },
  });
  return { ...page, items: rows.map(toSummary) };
}

type Row = Prisma.ArtifactGetPayload<{
  include: {
    baseVersion: { select: { digest: true; baseImage: { select: { key: true; digest: true } } } };
    item: {
      select: {
        component: { select: { key: true } };
        release: { select: { number: true; project: { select: { key: true; name: true } } } };
      };
    };
  };
}>;
function toSummary({ item, baseVersion, ...row }: Row): ArtifactSummaryDto {
  const evidence = artifactEvidenceSchema.nullable().parse(row.evidence);
  const scan = artifactScanSchema.nullable().parse(row.scan);
  const base = baseVersion?.baseImage;
  return {
    id: row.id,
    project: item.release.project.key,
    projectName: item.release.project.name,
    release: item.release.number,
    component: item.component.key,
    image: row.image,
    digest: row.digest,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    createdAt: row.createdAt.toISOString(),
    signedBy: evidence && signedBy(evidence),
    counts: scan?.state === "done" ? scan.counts : null,
    base: base ? { key: base.key, behind: base.digest !== null && base.digest !== baseVersion.digest } : null,
    gone: artifactContentSchema.nullable().parse(row.content)?.goneSince != null,
  };
}
