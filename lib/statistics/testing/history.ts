import { db } from "#lib/db.ts";

export type History = {
  projects: number;
  componentsEach: number;
  /** Release orders, spread evenly over the days up to now; each has two components. */
  releases: number;
  days: number;
};

/**
 * Fills a migrated, empty database with the history of a firm: every release order has two builds, every eighth a third
 * one after a failure, images, and stages and deployments in three environments. Made by the database, in seconds.
 */
export async function writeHistory({ projects, componentsEach, releases, days }: History): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "User" (id, username, "displayName", "globalRoles")
    VALUES (gen_random_uuid(), 'dev', 'dev', '{}'), (gen_random_uuid(), 'auditor', 'auditor', '{auditor}')`;
  await db.$executeRaw`
    INSERT INTO "Environment" (id, key, name, kind, rank)
    VALUES (gen_random_uuid(), 'FAT', 'FAT', 'open', 1), (gen_random_uuid(), 'STAGING', 'STAGING', 'controlled', 2),
      (gen_random_uuid(), 'PROD', 'PROD', 'controlled', 3)`;
  await db.$executeRaw`
    INSERT INTO "BuildServer" (id, key, name, url, username, "tokenEncrypted")
    SELECT gen_random_uuid(), 's' || n, 's' || n, 'http://127.0.0.1:1', 'u', 'x' FROM generate_series(1, 4) n`;
  await db.$executeRaw`
    INSERT INTO "Registry" (id, key, name, url) VALUES (gen_random_uuid(), 'r', 'r', 'http://127.0.0.1:2')`;
  await db.$executeRaw`
    INSERT INTO "Project" (id, key, name) SELECT gen_random_uuid(), 'p' || n, 'p' || n FROM generate_series(1, ${projects}::int) n`;
  await db.$executeRaw`
    INSERT INTO "ProjectEnvironment" ("projectId", "environmentId") SELECT p.id, e.id FROM "Project" p, "Environment" e`;
  await db.$executeRaw`
    INSERT INTO "Membership" ("projectId", "userId", role) SELECT p.id, u.id, 'developer'
    FROM "Project" p, "User" u WHERE u.username = 'dev' AND p.key IN ('p1', 'p2', 'p3')`;
  await db.$executeRaw`
    INSERT INTO "Component" (id, "projectId", key, name, "gitUrl", "buildServerId", "registryId")
    SELECT gen_random_uuid(), p.id, 'c' || n, 'c' || n, 'http://127.0.0.1:3/c.git', s.id, r.id
    FROM "Project" p, generate_series(1, ${componentsEach}::int) n, "Registry" r, "BuildServer" s
    WHERE s.key = 's' || (1 + n % 4)`;
  await db.$executeRaw`
    INSERT INTO "Release" (id, number, "projectId", title, state, "createdById", "createdAt", "endedAt")
    SELECT gen_random_uuid(), 'H-' || n, p.id, 't', 'released', u.id, at, at + interval '30 hours'
    FROM (SELECT n, now() - interval '31 hours'
        - ((n - 1) * ${days}::float8 / ${releases}::float8) * interval '1 day' AS at
      FROM generate_series(1, ${releases}::int) n) spread
    JOIN "Project" p ON p.key = 'p' || (1 + n % ${projects}::int) JOIN "User" u ON u.username = 'dev'`;
  await db.$executeRaw`
    INSERT INTO "ReleaseItem" (id, "releaseId", "componentId", ref)
    SELECT gen_random_uuid(), r.id, c.id, 'main' FROM "Release" r
    JOIN LATERAL (VALUES (0), (1)) part (k) ON true
    JOIN "Component" c ON c."projectId" = r."projectId"
      AND c.key = 'c' || (1 + (substr(r.number, 3)::int / ${projects}::int + part.k) % ${componentsEach}::int)`;
  await db.$executeRaw`
    INSERT INTO "Build" (id, "itemId", attempt, "attemptId", state, "triggeredById", parameters, "buildServerId",
      "createdAt", "startedAt", "endedAt", cause)
    SELECT gen_random_uuid(), i.id, a.attempt, i.id || '-' || a.attempt,
      CASE WHEN a.attempt = least(2, 1 + (substr(r.number, 3)::int % 8 = 0)::int) THEN 'succeeded' ELSE 'failed' END,
      r."createdById", '{}', c."buildServerId", at, at + interval '20 seconds', at + interval '3 minutes',
      CASE WHEN a.attempt = 1 AND substr(r.number, 3)::int % 8 = 0 THEN '{"code":"BUILD_FAILED"}'::jsonb END
    FROM "ReleaseItem" i JOIN "Release" r ON r.id = i."releaseId" JOIN "Component" c ON c.id = i."componentId"
    JOIN LATERAL (SELECT attempt, r."createdAt" + attempt * interval '10 minutes' AS at
      FROM generate_series(1, 1 + (substr(r.number, 3)::int % 8 = 0)::int) attempt) a ON true`;
  await db.$executeRaw`
    INSERT INTO "Artifact" (id, "itemId", "buildId", image, repository, digest, commit, "createdAt")
    SELECT gen_random_uuid(), b."itemId", b.id, 'i', 'i', 'sha256:' || b.id, 'c', b."createdAt"
    FROM "Build" b WHERE b.state = 'succeeded'`;
  await db.$executeRaw`
    INSERT INTO "Stage" (id, "releaseId", "environmentId", state, "enteredAt", "verdictAt")
    SELECT gen_random_uuid(), r.id, e.id, 'passed', r."createdAt" + e.rank * interval '8 hours',
      r."createdAt" + e.rank * interval '10 hours' FROM "Release" r, "Environment" e`;
  await db.$executeRaw`
    INSERT INTO "Plan" (id, digest, "projectId", "environmentId", "releaseId", inputs, manifests, review, "createdById",
      "createdAt")
    SELECT gen_random_uuid(), r.id::text, r."projectId", e.id, r.id, '{}', '{}', '{}', r."createdById", r."createdAt"
    FROM "Release" r JOIN "Environment" e ON e.key = 'PROD'`;
  await db.$executeRaw`
    INSERT INTO "Deployment" (id, "projectId", "environmentId", "releaseId", "planId", state, "createdById", "createdAt",
      "startedAt", "endedAt")
    SELECT gen_random_uuid(), p."projectId", s."environmentId", s."releaseId", p.id,
      CASE WHEN n = 1 THEN 'succeeded' ELSE 'failed' END, p."createdById", at, at, at + interval '2 minutes'
    FROM "Stage" s JOIN "Release" r ON r.id = s."releaseId" JOIN "Plan" p ON p."releaseId" = r.id
    JOIN LATERAL (SELECT n, s."enteredAt" - n * interval '5 minutes' AS at
      FROM generate_series(1, 1 + (substr(r.number, 3)::int % 8 = 0)::int) n) run ON true`;
  await db.$executeRaw`ANALYZE`;
}
