-- AlterTable
ALTER TABLE "Artifact" ADD COLUMN     "baseVersionId" UUID,
ADD COLUMN     "content" JSONB,
ADD COLUMN     "evidence" JSONB,
ADD COLUMN     "inspectedAt" TIMESTAMPTZ(3),
ADD COLUMN     "scan" JSONB;

-- AlterTable
ALTER TABLE "Build" ADD COLUMN     "buildServerId" UUID,
ADD COLUMN     "consoleSha256" TEXT,
ADD COLUMN     "estimatedMs" INTEGER,
ADD COLUMN     "logMasked" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "logSha256" TEXT,
ADD COLUMN     "missingSince" TIMESTAMPTZ(3),
ADD COLUMN     "queueAhead" INTEGER,
ADD COLUMN     "queueWhy" TEXT,
ADD COLUMN     "stages" JSONB,
ADD COLUMN     "supersededById" UUID;

-- AlterTable
ALTER TABLE "BuildServer" ADD COLUMN     "checkResult" JSONB,
ADD COLUMN     "checkedAt" TIMESTAMPTZ(3),
ADD COLUMN     "credentialKind" TEXT NOT NULL DEFAULT 'token',
ADD COLUMN     "disabledAt" TIMESTAMPTZ(3),
ADD COLUMN     "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "projects" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Component" ADD COLUMN     "buildLabel" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "Environment" ADD COLUMN     "registryId" UUID;

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "maxBuilds" INTEGER,
ADD COLUMN     "supersedeQueuedBuilds" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "ticketPatterns" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "Registry" ADD COLUMN     "checkResult" JSONB,
ADD COLUMN     "checkedAt" TIMESTAMPTZ(3),
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'oci',
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "SourceHost" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'git',
    "host" TEXT NOT NULL,
    "apiUrl" TEXT,
    "credentialKind" TEXT NOT NULL DEFAULT 'none',
    "username" TEXT,
    "credentialEncrypted" TEXT,
    "sshKnownHosts" TEXT,
    "webhookSecretEncrypted" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checkedAt" TIMESTAMPTZ(3),
    "checkResult" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "SourceHost_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookRule" (
    "id" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "componentId" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "refPattern" TEXT NOT NULL,
    "build" BOOLEAN NOT NULL DEFAULT false,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabledAt" TIMESTAMPTZ(3),

    CONSTRAINT "WebhookRule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "id" UUID NOT NULL,
    "hostId" UUID NOT NULL,
    "deliveryId" TEXT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "event" TEXT NOT NULL,
    "repository" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "commit" TEXT,
    "outcome" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BaseImage" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "registryId" UUID NOT NULL,
    "repository" TEXT NOT NULL,
    "tag" TEXT NOT NULL DEFAULT 'latest',
    "parentId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "BaseImage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BaseImageVersion" (
    "id" UUID NOT NULL,
    "baseImageId" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "layers" TEXT[],
    "createdAt" TIMESTAMPTZ(3),
    "seenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "BaseImageVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SigningKey" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "SigningKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImagePolicy" (
    "environmentId" UUID NOT NULL,
    "maxSeverity" TEXT,
    "requireScan" BOOLEAN NOT NULL DEFAULT false,
    "requireSignature" BOOLEAN NOT NULL DEFAULT false,
    "allowedBases" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "allowedRegistries" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "ImagePolicy_pkey" PRIMARY KEY ("environmentId")
);

-- CreateTable
CREATE TABLE "Waiver" (
    "id" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "componentId" UUID,
    "environmentId" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'asked',
    "askedById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "comment" TEXT NOT NULL DEFAULT '',
    "releaseId" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Waiver_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImageCopy" (
    "id" UUID NOT NULL,
    "artifactId" UUID NOT NULL,
    "registryId" UUID NOT NULL,
    "repository" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "sentBytes" BIGINT NOT NULL DEFAULT 0,
    "cause" JSONB,

    CONSTRAINT "ImageCopy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "KeptImage" (
    "registryId" UUID NOT NULL,
    "repository" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "reasons" JSONB NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "labelledAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "KeptImage_pkey" PRIMARY KEY ("registryId","repository","digest")
);

-- CreateIndex
CREATE UNIQUE INDEX "SourceHost_key_key" ON "SourceHost"("key");

-- CreateIndex
CREATE UNIQUE INDEX "SourceHost_host_key" ON "SourceHost"("host");

-- CreateIndex
CREATE INDEX "WebhookRule_componentId_event_idx" ON "WebhookRule"("componentId", "event");

-- CreateIndex
CREATE INDEX "WebhookDelivery_receivedAt_idx" ON "WebhookDelivery"("receivedAt");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookDelivery_hostId_deliveryId_key" ON "WebhookDelivery"("hostId", "deliveryId");

-- CreateIndex
CREATE UNIQUE INDEX "BaseImage_key_key" ON "BaseImage"("key");

-- CreateIndex
CREATE UNIQUE INDEX "BaseImage_registryId_repository_tag_key" ON "BaseImage"("registryId", "repository", "tag");

-- CreateIndex
CREATE UNIQUE INDEX "BaseImageVersion_baseImageId_digest_key" ON "BaseImageVersion"("baseImageId", "digest");

-- CreateIndex
CREATE UNIQUE INDEX "SigningKey_key_key" ON "SigningKey"("key");

-- CreateIndex
CREATE INDEX "Waiver_projectId_environmentId_state_idx" ON "Waiver"("projectId", "environmentId", "state");

-- CreateIndex
CREATE INDEX "ImageCopy_state_idx" ON "ImageCopy"("state");

-- CreateIndex
CREATE UNIQUE INDEX "ImageCopy_artifactId_registryId_key" ON "ImageCopy"("artifactId", "registryId");

-- CreateIndex
CREATE INDEX "KeptImage_endedAt_idx" ON "KeptImage"("endedAt");

-- CreateIndex
CREATE INDEX "Artifact_baseVersionId_idx" ON "Artifact"("baseVersionId");

-- CreateIndex
CREATE INDEX "Artifact_createdAt_idx" ON "Artifact"("createdAt");

-- CreateIndex
CREATE INDEX "Build_buildServerId_state_idx" ON "Build"("buildServerId", "state");

-- AddForeignKey
ALTER TABLE "Environment" ADD CONSTRAINT "Environment_registryId_fkey" FOREIGN KEY ("registryId") REFERENCES "Registry"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookRule" ADD CONSTRAINT "WebhookRule_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookRule" ADD CONSTRAINT "WebhookRule_componentId_fkey" FOREIGN KEY ("componentId") REFERENCES "Component"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookRule" ADD CONSTRAINT "WebhookRule_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "SourceHost"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Build" ADD CONSTRAINT "Build_buildServerId_fkey" FOREIGN KEY ("buildServerId") REFERENCES "BuildServer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Artifact" ADD CONSTRAINT "Artifact_baseVersionId_fkey" FOREIGN KEY ("baseVersionId") REFERENCES "BaseImageVersion"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BaseImage" ADD CONSTRAINT "BaseImage_registryId_fkey" FOREIGN KEY ("registryId") REFERENCES "Registry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BaseImage" ADD CONSTRAINT "BaseImage_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "BaseImage"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BaseImageVersion" ADD CONSTRAINT "BaseImageVersion_baseImageId_fkey" FOREIGN KEY ("baseImageId") REFERENCES "BaseImage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImagePolicy" ADD CONSTRAINT "ImagePolicy_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "Environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_componentId_fkey" FOREIGN KEY ("componentId") REFERENCES "Component"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "Environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_releaseId_fkey" FOREIGN KEY ("releaseId") REFERENCES "Release"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_askedById_fkey" FOREIGN KEY ("askedById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_decidedById_fkey" FOREIGN KEY ("decidedById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImageCopy" ADD CONSTRAINT "ImageCopy_artifactId_fkey" FOREIGN KEY ("artifactId") REFERENCES "Artifact"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImageCopy" ADD CONSTRAINT "ImageCopy_registryId_fkey" FOREIGN KEY ("registryId") REFERENCES "Registry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KeptImage" ADD CONSTRAINT "KeptImage_registryId_fkey" FOREIGN KEY ("registryId") REFERENCES "Registry"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- Builds stay where they were sent.
UPDATE "Build" b SET "buildServerId" = c."buildServerId"
  FROM "ReleaseItem" i JOIN "Component" c ON c.id = i."componentId" WHERE i.id = b."itemId";

-- States and kinds: the lists are those of lib/*/schema.ts and lib/*/state.ts.
ALTER TABLE "BuildServer" ADD CONSTRAINT "BuildServer_credentialKind" CHECK ("credentialKind" IN ('token', 'password'));
ALTER TABLE "Registry" ADD CONSTRAINT "Registry_kind" CHECK ("kind" IN ('oci', 'harbor'));
ALTER TABLE "SourceHost" ADD CONSTRAINT "SourceHost_kind" CHECK ("kind" IN ('git', 'gitlab', 'gitea', 'github'));
ALTER TABLE "SourceHost" ADD CONSTRAINT "SourceHost_credentialKind" CHECK ("credentialKind" IN ('none', 'password', 'ssh-key'));
ALTER TABLE "WebhookRule" ADD CONSTRAINT "WebhookRule_event" CHECK ("event" IN ('push', 'tag'));
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_outcome" CHECK ("outcome" IN ('ignored', 'created', 'refused'));
ALTER TABLE "ImagePolicy" ADD CONSTRAINT "ImagePolicy_maxSeverity" CHECK ("maxSeverity" IN ('none', 'low', 'medium', 'high'));
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_state" CHECK ("state" IN ('asked', 'granted', 'declined', 'revoked', 'ended'));
ALTER TABLE "ImageCopy" ADD CONSTRAINT "ImageCopy_state" CHECK ("state" IN ('queued', 'copying', 'copied', 'failed'));
ALTER TABLE "Project" ADD CONSTRAINT "Project_maxBuilds" CHECK ("maxBuilds" > 0);

-- What the registry could not be asked, and which release orders rebuild on which base version.
ALTER TABLE "Artifact" ADD COLUMN "inspectProblem" JSONB;
ALTER TABLE "BaseImage" ADD COLUMN "digest" TEXT,
ADD COLUMN "lookedAt" TIMESTAMPTZ(3),
ADD COLUMN "problem" JSONB,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "KeptImage" ADD COLUMN "problem" JSONB;
CREATE TABLE "BaseRebuild" (
    "baseVersionId" UUID NOT NULL,
    "componentId" UUID NOT NULL,
    "releaseId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "BaseRebuild_pkey" PRIMARY KEY ("baseVersionId","componentId")
);
ALTER TABLE "BaseRebuild" ADD CONSTRAINT "BaseRebuild_baseVersionId_fkey" FOREIGN KEY ("baseVersionId") REFERENCES "BaseImageVersion"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "BaseRebuild" ADD CONSTRAINT "BaseRebuild_componentId_fkey" FOREIGN KEY ("componentId") REFERENCES "Component"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "BaseRebuild" ADD CONSTRAINT "BaseRebuild_releaseId_fkey" FOREIGN KEY ("releaseId") REFERENCES "Release"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- How far the log of a build is copied.
ALTER TABLE "Build" ADD COLUMN "logTaken" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "logBytes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "logGeneration" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "secretsEncrypted" TEXT;
UPDATE "Build" SET "logBytes" = stored."bytes"
FROM (SELECT "buildId", MAX("offset" + "length") AS "bytes" FROM "BuildLogChunk" GROUP BY "buildId") AS stored
WHERE stored."buildId" = "Build"."id";

-- Statistics look at a period.
CREATE INDEX "Release_endedAt_idx" ON "Release"("endedAt");
CREATE INDEX "Build_createdAt_idx" ON "Build"("createdAt");
CREATE INDEX "Deployment_createdAt_idx" ON "Deployment"("createdAt");
