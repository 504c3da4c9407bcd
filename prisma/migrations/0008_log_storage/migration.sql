-- The pieces of logs are packed before they come here: the database need not try it again.
ALTER TABLE "BuildLogChunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;
