-- Who asked for an image to be copied.
ALTER TABLE "ImageCopy" ADD COLUMN "askedById" UUID;
ALTER TABLE "ImageCopy" ADD CONSTRAINT "ImageCopy_askedById_fkey" FOREIGN KEY ("askedById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Which projects may use a Git host's credential.
ALTER TABLE "SourceHost" ADD COLUMN "projects" TEXT[] DEFAULT ARRAY[]::TEXT[];
-- Which rule and which push made a release order: each pair makes one at most.
ALTER TABLE "Release" ADD COLUMN "ruleId" UUID, ADD COLUMN "deliveryId" UUID;
CREATE UNIQUE INDEX "Release_ruleId_deliveryId_key" ON "Release"("ruleId", "deliveryId");
ALTER TABLE "Release" ADD CONSTRAINT "Release_ruleId_fkey" FOREIGN KEY ("ruleId") REFERENCES "WebhookRule"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Release" ADD CONSTRAINT "Release_deliveryId_fkey" FOREIGN KEY ("deliveryId") REFERENCES "WebhookDelivery"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "WebhookDelivery" DROP CONSTRAINT "WebhookDelivery_outcome";
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_outcome"
  CHECK ("outcome" IN ('received', 'ignored', 'created', 'updated', 'refused'));

-- Statistics: release orders by when an environment passed them.
CREATE INDEX "Stage_environmentId_verdictAt_idx" ON "Stage"("environmentId", "verdictAt");

-- Layers of a base image's other platforms.
ALTER TABLE "BaseImageVersion" ADD COLUMN "otherLayers" JSONB NOT NULL DEFAULT '[]';

-- A console that breaks off every time is not read for ever; why a stored log is not all of it.
ALTER TABLE "Build" ADD COLUMN "logBreaks" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "logProblem" TEXT;

-- How many deployments' images stay protected from cleanups.
ALTER TABLE "Environment" ADD COLUMN "keptDeployments" INTEGER NOT NULL DEFAULT 5;
ALTER TABLE "Environment" ADD CONSTRAINT "Environment_keptDeployments" CHECK ("keptDeployments" BETWEEN 1 AND 100);
-- A waiver of a component that is deleted would hold for the whole project.
ALTER TABLE "Waiver" DROP CONSTRAINT "Waiver_componentId_fkey";
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_componentId_fkey" FOREIGN KEY ("componentId") REFERENCES "Component"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Kept images: plans that may yet be deployed.
CREATE INDEX "Plan_computedAt_idx" ON "Plan"("computedAt");
