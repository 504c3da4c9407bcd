import type { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { toPage } from "#lib/http/page.ts";
import {
  artifactContentSchema,
  artifactEvidenceSchema,
  artifactScanSchema,
  SEVERITIES,
  signedBy,
} from "./content.ts";
import { mergedScan } from "./merged.ts";
import type { ARTIFACT_SEVERITIES, ArtifactSummaryDto, artifactListQuerySchema } from "./schema.ts";

const { sql, empty } = Prisma;
/** Something that one of the registries said that have the image. */
const said = (condition: Prisma.Sql) => sql`EXISTS (
  SELECT 1 FROM (
    SELECT a.evidence, a.scan
    UNION ALL SELECT y.evidence, y.scan FROM "ImageCopy" y WHERE y."artifactId" = a.id AND y.state = 'copied') said
  WHERE ${condition})`;
const SIGNED = said(sql`jsonb_path_exists(coalesce(evidence, '{}'), '$.signatures[*].verifiedBy[*]')`);
const SCANNED = said(sql`scan->>'state' = 'done'`);
const some = (...names: string[]) =>
  said(
    sql`scan->>'state' = 'done' AND (${Prisma.join(
      names.map((name) => sql`(scan->'counts'->>${name})::int > 0`),
      " OR ",
    )})`,
  );
const SEVERITY: Record<(typeof ARTIFACT_SEVERITIES)[number], Prisma.Sql> = {
  critical: some("critical"),
  high: some("critical", "high"),
  medium: some("critical", "high", "medium"),
  clean: sql`${SCANNED} AND NOT ${some(...SEVERITIES)}`,
  unscanned: sql`NOT ${SCANNED}`,
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
      copies: { where: { state: "copied" }, select: { evidence: true, scan: true } },
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
    copies: { select: { evidence: true; scan: true } };
    baseVersion: { select: { digest: true; baseImage: { select: { key: true; digest: true } } } };
    item: {
      select: {
        component: { select: { key: true } };
        release: { select: { number: true; project: { select: { key: true; name: true } } } };
      };
    };
  };
}>;
function toSummary({ item, baseVersion, copies, ...row }: Row): ArtifactSummaryDto {
  const evidences = [row, ...copies].flatMap(
    ({ evidence }) => artifactEvidenceSchema.nullable().parse(evidence) ?? [],
  );
  const scan = mergedScan([row, ...copies].map((one) => artifactScanSchema.nullable().parse(one.scan)));
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
    signedBy: evidences.length === 0 ? null : [...new Set(evidences.flatMap(signedBy))].toSorted(),
    counts: scan?.state === "done" ? scan.counts : null,
    base: base ? { key: base.key, behind: base.digest !== null && base.digest !== baseVersion.digest } : null,
    gone: artifactContentSchema.nullable().parse(row.content)?.goneSince != null,
  };
}
