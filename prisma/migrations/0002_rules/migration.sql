-- Rules that the schema language cannot say. Prisma does not see them, so they are no drift.

-- At most one open row.
CREATE UNIQUE INDEX "Reservation_one_open" ON "Reservation" ("projectId", "environmentId") WHERE "releasedAt" IS NULL;
CREATE UNIQUE INDEX "QueueEntry_one_open" ON "QueueEntry" ("projectId", "environmentId", "releaseId") WHERE "endedAt" IS NULL;
CREATE UNIQUE INDEX "Approval_one_standing" ON "Approval" ("planId", "userId") WHERE "voidedAt" IS NULL;

-- A template's name is unique where it applies: globally, in a project, or for a component.
-- Two nulls count as the same place; written as expressions because Prisma would take a plain index for drift.
CREATE UNIQUE INDEX "Template_name_by_place" ON "Template" (
  "environmentId",
  coalesce("projectId", '00000000-0000-0000-0000-000000000000'::uuid),
  coalesce("componentId", '00000000-0000-0000-0000-000000000000'::uuid),
  "name"
);
ALTER TABLE "Template" ADD CONSTRAINT "Template_place" CHECK ("componentId" IS NULL OR "projectId" IS NOT NULL);

-- States and kinds: the lists are those of lib/*/state.ts.
ALTER TABLE "Environment" ADD CONSTRAINT "Environment_kind" CHECK ("kind" IN ('open', 'controlled'));
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_role" CHECK ("role" IN ('developer', 'tester', 'ops', 'owner'));
ALTER TABLE "User" ADD CONSTRAINT "User_globalRoles" CHECK ("globalRoles" <@ ARRAY['auditor', 'admin']::text[]);
ALTER TABLE "Release" ADD CONSTRAINT "Release_state"
  CHECK ("state" IN ('draft', 'building', 'build_failed', 'built', 'released', 'abandoned'));
ALTER TABLE "Build" ADD CONSTRAINT "Build_state"
  CHECK ("state" IN ('queued', 'running', 'succeeded', 'failed', 'aborted', 'unknown'));
ALTER TABLE "Artifact" ADD CONSTRAINT "Artifact_source" CHECK ("source" IN ('build', 'registry', 'person'));
ALTER TABLE "Stage" ADD CONSTRAINT "Stage_state"
  CHECK ("state" IN ('waiting', 'entered', 'deploying', 'testing', 'passed', 'failed', 'rejected', 'rolled_back', 'superseded'));
ALTER TABLE "Plan" ADD CONSTRAINT "Plan_kind" CHECK ("kind" IN ('deploy', 'rollback'));
ALTER TABLE "Approval" ADD CONSTRAINT "Approval_decision" CHECK ("decision" IN ('approve', 'reject'));
ALTER TABLE "Deployment" ADD CONSTRAINT "Deployment_kind" CHECK ("kind" IN ('deploy', 'rollback'));
ALTER TABLE "Deployment" ADD CONSTRAINT "Deployment_state"
  CHECK ("state" IN ('planned', 'awaiting_approval', 'scheduled', 'queued', 'applying', 'rolling_out', 'verifying',
    'succeeded', 'failed', 'rolling_back', 'rolled_back', 'cancelled', 'unknown'));
ALTER TABLE "DeploymentTarget" ADD CONSTRAINT "DeploymentTarget_state"
  CHECK ("state" IN ('queued', 'applying', 'rolling_out', 'verifying', 'succeeded', 'failed', 'cancelled', 'unknown',
    'skipped', 'rolling_back', 'rolled_back'));
ALTER TABLE "FreezeWindow" ADD CONSTRAINT "FreezeWindow_order" CHECK ("startsAt" < "endsAt");

-- The audit trail is append-only, for everyone who speaks SQL as well.
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'AuditEntry is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER "AuditEntry_append_only" BEFORE UPDATE OR DELETE ON "AuditEntry"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "AuditEntry_no_truncate" BEFORE TRUNCATE ON "AuditEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();

-- The chain begins with one head.
ALTER TABLE "AuditHead" ADD CONSTRAINT "AuditHead_one_row" CHECK ("id" = 1);
INSERT INTO "AuditHead" ("id", "seq", "hash") VALUES (1, 0, '');
