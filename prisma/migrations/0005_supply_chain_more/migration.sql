-- Who asked for an image to be copied.
ALTER TABLE "ImageCopy" ADD COLUMN "askedById" UUID;
ALTER TABLE "ImageCopy" ADD CONSTRAINT "ImageCopy_askedById_fkey" FOREIGN KEY ("askedById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
