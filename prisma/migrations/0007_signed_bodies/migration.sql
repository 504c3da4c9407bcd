-- What a Git host has signed counts once, whatever id it comes with.
ALTER TABLE "WebhookDelivery" ADD COLUMN "bodyHash" TEXT;
CREATE UNIQUE INDEX "WebhookDelivery_hostId_bodyHash_key" ON "WebhookDelivery"("hostId", "bodyHash");
