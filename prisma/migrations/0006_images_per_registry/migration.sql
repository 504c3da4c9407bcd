-- What the registry of an environment says of an image that was copied there.
ALTER TABLE "ImageCopy" ADD COLUMN "evidence" JSONB, ADD COLUMN "scan" JSONB, ADD COLUMN "inspectedAt" TIMESTAMPTZ(3),
  ADD COLUMN "inspectProblem" JSONB, ADD COLUMN "goneSince" TIMESTAMPTZ(3);

-- A token for the API of a Git host beside an SSH key, which is for Git alone.
ALTER TABLE "SourceHost" ADD COLUMN "apiTokenEncrypted" TEXT;

-- Which try does the work of a request with an Idempotency-Key, and whether something of it was committed.
ALTER TABLE "IdempotencyKey" ADD COLUMN "claimId" UUID NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN "hadEffect" BOOLEAN NOT NULL DEFAULT false;
