import { db } from "#lib/db.ts";
import { readPublicKey } from "./public-key.ts";
import type { SigningKeyDto } from "./schema.ts";

type Row = { key: string; name: string; publicKey: string; createdAt: Date; revokedAt: Date | null };

/** All keys, revoked ones last. They are public: everybody may see what counts. */
export async function listSigningKeys(): Promise<{ items: SigningKeyDto[]; nextCursor: null }> {
  const [rows, counts] = await Promise.all([
    db.signingKey.findMany({ orderBy: [{ revokedAt: { sort: "desc", nulls: "first" } }, { key: "asc" }] }),
    verifiedCounts(),
  ]);
  return { items: rows.map((row) => toDto(row, counts.get(row.key) ?? 0)), nextCursor: null };
}

/** Keys whose signatures count now, as the registry's adapter takes them. */
export async function activeKeys(): Promise<{ key: string; publicKeyPem: string }[]> {
  const rows = await db.signingKey.findMany({
    where: { revokedAt: null },
    orderBy: { key: "asc" },
    select: { key: true, publicKey: true },
  });
  return rows.map(({ key, publicKey }) => ({ key, publicKeyPem: publicKey }));
}

/** How many artifacts each key verified. */
async function verifiedCounts(): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ key: string; count: number }[]>`
    SELECT key, count(DISTINCT a.id)::int AS count
    FROM (SELECT id, evidence FROM "Artifact" UNION ALL SELECT "artifactId", evidence FROM "ImageCopy") a,
      jsonb_array_elements(a.evidence->'signatures') s,
      jsonb_array_elements_text(s->'verifiedBy') key
    WHERE jsonb_typeof(a.evidence->'signatures') = 'array' GROUP BY key`;
  return new Map(rows.map(({ key, count }) => [key, count]));
}

export function toDto(row: Row, artifacts: number): SigningKeyDto {
  const read = readPublicKey(row.publicKey);
  return {
    key: row.key,
    name: row.name,
    publicKey: row.publicKey,
    algorithm: read.ok ? read.key.algorithm : "",
    fingerprint: read.ok ? read.key.fingerprint : "",
    createdAt: row.createdAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    artifacts,
  };
}
