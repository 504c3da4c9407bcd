-- AlterTable
ALTER TABLE "Environment" ADD COLUMN     "maxFailedTargets" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "onFailure" TEXT NOT NULL DEFAULT 'stop',
ADD COLUMN     "waveGate" TEXT NOT NULL DEFAULT 'auto',
ADD COLUMN     "wavePauseSeconds" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "prometheusUrl" TEXT;

-- AlterTable
ALTER TABLE "ComponentConfig" ADD COLUMN     "smokeChecks" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "strategy" JSONB NOT NULL DEFAULT '{"kind": "rolling"}';

-- AlterTable
ALTER TABLE "Deployment" ADD COLUMN     "automaticFor" UUID,
ADD COLUMN     "pausedAt" TIMESTAMPTZ(3),
ADD COLUMN     "waveContinued" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "DeploymentTarget" ADD COLUMN     "comparison" JSONB,
ADD COLUMN     "skipReason" TEXT;

-- AlterTable
ALTER TABLE "DeploymentStep" ADD COLUMN     "continuedAt" TIMESTAMPTZ(3),
ADD COLUMN     "continuedById" UUID,
ADD COLUMN     "input" JSONB;

-- CreateIndex
CREATE UNIQUE INDEX "Deployment_automaticFor_key" ON "Deployment"("automaticFor");

-- The lists are those of lib/environments/schema.ts.
ALTER TABLE "Environment" ADD CONSTRAINT "Environment_waveGate" CHECK ("waveGate" IN ('auto', 'person'));
ALTER TABLE "Environment" ADD CONSTRAINT "Environment_onFailure" CHECK ("onFailure" IN ('stop', 'rollback'));
