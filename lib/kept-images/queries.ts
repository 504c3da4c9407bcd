import { z } from "zod";
import { type Actor, forbidden, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { toPage } from "#lib/http/page.ts";
import { imagesToKeep } from "./facts.ts";
import { KEEP_REASONS, keepProblemSchema, type Reason, reasonSchema } from "./reason-schema.ts";
import type { KeptImageDto, KeptImageQuery, LabelState } from "./schema.ts";

/** Keys of the projects that the actor may read; null means all. */
async function readableKeys(actor: Actor): Promise<string[] | null> {
  const ids = readableProjects(actor);
  if (ids === null) return null;
  const rows = await db.project.findMany({ where: { id: { in: ids } }, select: { key: true } });
  return rows.map(({ key }) => key);
}

const LABEL: Readonly<Record<LabelState, Prisma.Sql>> = {
  set: Prisma.sql`kept."labelledAt" IS NOT NULL AND kept.problem IS NULL`,
  waiting: Prisma.sql`kept."labelledAt" IS NULL AND kept.problem IS NULL`,
  failed: Prisma.sql`kept.problem->>'failure' <> 'no_labels'`,
  none: Prisma.sql`kept.problem->>'failure' = 'no_labels'`,
};
const anything = Prisma.sql`true`;

/** Some reason is of a project that may be read, and is what is asked for. */
function reasonWhere(keys: string[] | null, { project, environment, reason }: KeptImageQuery): Prisma.Sql {
  if (keys === null && !project && !environment && !reason) return anything;
  return Prisma.sql`EXISTS (SELECT FROM jsonb_array_elements(kept.reasons) why
    WHERE ${keys ? Prisma.sql`why->>'project' = ANY(${keys})` : anything}
      AND ${project ? Prisma.sql`why->>'project' = ${project}` : anything}
      AND ${environment ? Prisma.sql`why->>'environment' = ${environment}` : anything}
      AND ${reason ? Prisma.sql`why->>'reason' = ${reason}` : anything})`;
}

const cursorSchema = z.tuple([z.string(), z.string(), z.uuid()]);
function after(cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return anything;
  try {
    const [repository, digest, registryId] = cursorSchema.parse(JSON.parse(cursor));
    return Prisma.sql`(kept.repository, kept.digest, kept."registryId") > (${repository}, ${digest}, ${registryId}::uuid)`;
  } catch {
    throw new AppError("INVALID_INPUT", "no such page");
  }
}

type Row = {
  registryId: string;
  registry: string;
  registryName: string;
  url: string;
  repository: string;
  digest: string;
  reasons: unknown;
  since: Date;
  labelledAt: Date | null;
  problem: unknown;
};

/**
 * Kept images by name, those that nothing needs any more left out. People see those of their projects, with the reasons
 * of these alone; two statements, whatever is asked for.
 */
export async function listKeptImages(
  actor: Actor,
  query: KeptImageQuery,
): Promise<{ items: KeptImageDto[]; nextCursor: string | null; total: number }> {
  const keys = await readableKeys(actor);
  const { registry, label, search, limit } = query;
  const like = `%${(search ?? "").replaceAll(/[\\%_]/g, "\\$&")}%`;
  const where = Prisma.sql`kept."endedAt" IS NULL
    AND ${reasonWhere(keys, query)}
    AND ${registry ? Prisma.sql`r.key = ${registry}` : anything}
    AND ${label ? LABEL[label] : anything}
    AND ${search ? Prisma.sql`(kept.repository ILIKE ${like} OR kept.digest ILIKE ${like})` : anything}`;
  const from = Prisma.sql`"KeptImage" kept JOIN "Registry" r ON r.id = kept."registryId"`;
  const [rows, [count]] = await Promise.all([
    db.$queryRaw<Row[]>`
      SELECT kept."registryId", r.key AS registry, r.name AS "registryName", r.url, kept.repository, kept.digest,
        kept.reasons, kept.since, kept."labelledAt", kept.problem
      FROM ${from} WHERE ${where} AND ${after(query.cursor)}
      ORDER BY kept.repository, kept.digest, kept."registryId" LIMIT ${limit + 1}`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM ${from} WHERE ${where}`,
  ]);
  const page = toPage(rows, limit, (row) => JSON.stringify([row.repository, row.digest, row.registryId]));
  return { ...page, items: page.items.map((row) => dto(row, keys)), total: count?.total ?? 0 };
}

function dto({ registryId: _, url, since, labelledAt, ...row }: Row, keys: string[] | null): KeptImageDto {
  const problem = keepProblemSchema.nullable().parse(row.problem);
  return {
    ...row,
    host: new URL(url).host,
    reasons: readable(row.reasons, keys),
    since: since.toISOString(),
    labelledAt: labelledAt?.toISOString() ?? null,
    problem,
    label: labelState(labelledAt, problem),
  };
}

const readable = (reasons: unknown, keys: string[] | null): Reason[] =>
  z
    .array(reasonSchema)
    .parse(reasons)
    .filter(({ project }) => keys === null || keys.includes(project));

function labelState(labelledAt: Date | null, problem: { failure: string } | null): LabelState {
  if (problem !== null) return problem.failure === "no_labels" ? "none" : "failed";
  return labelledAt === null ? "waiting" : "set";
}

/** Why an image is kept, in any registry: reasons of projects that the actor may read, none twice, strongest first. */
export async function reasonsToKeep(actor: Actor, digest: string): Promise<Reason[]> {
  const [keys, rows] = await Promise.all([
    readableKeys(actor),
    db.keptImage.findMany({ where: { digest, endedAt: null }, select: { reasons: true } }),
  ]);
  const known = new Map(
    rows.flatMap(({ reasons }) => readable(reasons, keys)).map((reason) => [JSON.stringify(reason), reason]),
  );
  const strength = ({ reason }: Reason) => KEEP_REASONS.indexOf(reason);
  return [...known.values()].sort((a, b) => strength(a) - strength(b));
}

/**
 * Every kept image of a registry as text, one `repository@digest` a line: worked out now, not as the table was a moment
 * ago. Whoever does not see every project would be given a part of it, which as a list of what to spare would delete the
 * rest: so they get none.
 * @throws AppError FORBIDDEN; NOT_FOUND when there is no such registry
 */
export async function keptDigests(actor: Actor, key: string): Promise<string> {
  if (readableProjects(actor) !== null) throw forbidden("audit.read");
  const registry = await db.registry.findUnique({ where: { key }, select: { id: true } });
  if (!registry) throw new AppError("NOT_FOUND", `no registry ${key}`);
  const kept = (await imagesToKeep()).filter(({ registryId }) => registryId === registry.id);
  return kept.map(({ repository, digest }) => `${repository}@${digest}\n`).join("");
}
