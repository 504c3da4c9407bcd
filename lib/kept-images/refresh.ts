import type { Tx } from "#lib/db.ts";
import { NOW } from "#lib/stages/time.ts";
import type { KeptPlace } from "./wanted.ts";

/**
 * Makes the table say what is kept: new ones come, reasons change, and what nothing needs any more gets its end. One
 * that is needed again before its label was taken off goes on as if nothing had been. Two statements.
 */
export async function recordKept(tx: Tx, wanted: readonly KeptPlace[]): Promise<void> {
  const rows = JSON.stringify(wanted);
  await tx.$executeRaw`
    INSERT INTO "KeptImage" ("registryId", repository, digest, reasons, since)
    SELECT "registryId", repository, digest, reasons, ${NOW} FROM jsonb_to_recordset(${rows}::jsonb)
      AS wanted ("registryId" uuid, repository text, digest text, reasons jsonb)
    ON CONFLICT ("registryId", repository, digest) DO UPDATE SET
      reasons = EXCLUDED.reasons,
      since = CASE WHEN "KeptImage"."endedAt" IS NULL THEN "KeptImage".since ELSE EXCLUDED.since END,
      problem = CASE WHEN "KeptImage"."endedAt" IS NULL THEN "KeptImage".problem END,
      "endedAt" = NULL
    WHERE "KeptImage".reasons <> EXCLUDED.reasons OR "KeptImage"."endedAt" IS NOT NULL`;
  await tx.$executeRaw`
    UPDATE "KeptImage" kept SET "endedAt" = ${NOW}, problem = NULL
    WHERE kept."endedAt" IS NULL AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(${rows}::jsonb) AS wanted ("registryId" uuid, repository text, digest text)
      WHERE wanted."registryId" = kept."registryId" AND wanted.repository = kept.repository
        AND wanted.digest = kept.digest)`;
}
