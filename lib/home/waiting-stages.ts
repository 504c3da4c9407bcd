import type { Actor } from "#lib/access/actor.ts";
import { can, mayDeploy } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { ENVIRONMENT_KINDS } from "#lib/environments/schema.ts";
import { loadPlan, planStanding } from "#lib/plans/standing.ts";
import type { Waiting } from "./waiting-row.ts";

const LIMIT = 200;
/** Plans whose standing is computed for one reader; more would make the page slow and nobody does more at once. */
const PLANS_LIMIT = 20;

type StageRow = {
  state: string;
  previous: string | null;
  releaseId: string;
  release: string;
  title: string;
  projectId: string;
  environmentId: string;
  environment: string;
  kind: string;
  approvalsRequired: number;
  developersMayDeploy: boolean | null;
  username: string;
  displayName: string;
  since: Date;
  components: string[];
  planId: string | null;
  planDigest: string | null;
};

/** Stages at which somebody has to act, of built release orders that no newer one has overtaken there. */
const stagesOf = (projectIds: string[]) => db.$queryRaw<StageRow[]>`
  SELECT s.state, previous.state AS previous, r.id AS "releaseId", r.number AS release, r.title, r."projectId",
    e.id AS "environmentId", e.key AS environment, e.kind, e."approvalsRequired", pe."developersMayDeploy",
    u.username, u."displayName",
    CASE s.state WHEN 'testing' THEN coalesce(s."testingAt", s."enteredAt", r."createdAt")
      WHEN 'waiting' THEN coalesce(previous."verdictAt", r."createdAt")
      ELSE coalesce(s."enteredAt", r."createdAt") END AS since,
    ARRAY(SELECT c.key FROM "ReleaseItem" i JOIN "Component" c ON c.id = i."componentId"
      WHERE i."releaseId" = r.id ORDER BY c.key) AS components,
    plan.id AS "planId", plan.digest AS "planDigest"
  FROM "Stage" s JOIN "Release" r ON r.id = s."releaseId" JOIN "Environment" e ON e.id = s."environmentId"
  JOIN "User" u ON u.id = r."createdById"
  LEFT JOIN "ProjectEnvironment" pe ON pe."projectId" = r."projectId" AND pe."environmentId" = e.id
  LEFT JOIN LATERAL (
    SELECT p.state, p."verdictAt" FROM "Stage" p JOIN "Environment" before ON before.id = p."environmentId"
    WHERE p."releaseId" = r.id AND before.rank < e.rank ORDER BY before.rank DESC LIMIT 1) previous ON true
  LEFT JOIN LATERAL (
    SELECT p.id, p.digest FROM "Plan" p WHERE p."releaseId" = r.id AND p."environmentId" = e.id AND p.kind = 'deploy'
    ORDER BY p."computedAt" DESC LIMIT 1) plan ON true
  WHERE r."projectId" = ANY(${projectIds}::uuid[]) AND r.state = 'built'
    AND (s.state IN ('entered', 'failed', 'testing')
      OR (s.state = 'waiting' AND coalesce(previous.state, 'passed') = 'passed'))
    AND NOT EXISTS (
      SELECT 1 FROM "Stage" ns JOIN "Release" nr ON nr.id = ns."releaseId"
      JOIN "ReleaseItem" ni ON ni."releaseId" = nr.id
      JOIN "ReleaseItem" mi ON mi."releaseId" = r.id AND mi."componentId" = ni."componentId"
      WHERE nr."projectId" = r."projectId" AND nr.id > r.id AND ns."environmentId" = e.id AND ns.state = 'passed')
    AND NOT EXISTS (
      SELECT 1 FROM "QueueEntry" q WHERE q."releaseId" = r.id AND q."environmentId" = e.id AND q."endedAt" IS NULL)
  ORDER BY r.id DESC LIMIT ${LIMIT}`;

const base = (row: StageRow): Omit<Waiting, "kind"> => ({
  projectId: row.projectId,
  release: row.release,
  title: row.title,
  components: row.components,
  environment: row.environment,
  person: { username: row.username, displayName: row.displayName },
  since: row.since.toISOString(),
  planDigest: row.planDigest,
  deployment: null,
  build: null,
  approval: null,
  cause: null,
});

/** Verdicts, flows and deployments that wait for a person with the right to do them. */
export async function stagesWaiting(actor: Actor, projectIds: string[], now: Date): Promise<Waiting[]> {
  const rows = await stagesOf(projectIds);
  const found: Waiting[] = [];
  const deployable: StageRow[] = [];
  for (const row of rows) {
    const mayFlow = can(actor.rights, "stage.flow", row.projectId);
    if (row.state === "testing" && mayFlow) found.push({ ...base(row), kind: "verdict" });
    if (row.state === "waiting" && mayFlow) found.push({ ...base(row), kind: "flow" });
    const environment = {
      id: row.environmentId,
      kind: ENVIRONMENT_KINDS.find((kind) => kind === row.kind) ?? "controlled",
      developersMayDeploy: row.developersMayDeploy ?? false,
    };
    if (row.state !== "entered" && row.state !== "failed") continue;
    if (mayDeploy(actor.rights, row.projectId, environment, now)) deployable.push(row);
  }
  for (const row of deployable.slice(0, PLANS_LIMIT)) {
    const plan = await deployPlan(actor, row);
    if (plan !== "waits") found.push({ ...base(row), kind: "deploy", planDigest: plan });
  }
  return found;
}

/** Digest of the plan that may be deployed; null when one is to be made first; `waits` while others must approve. */
async function deployPlan(actor: Actor, row: StageRow): Promise<string | null | "waits"> {
  if (row.planId === null) return null;
  const standing = await planStanding(db, await loadPlan(db, { id: row.planId }), { deployerId: actor.id });
  if (!standing.current) return null;
  return standing.judged.satisfied ? row.planDigest : "waits";
}
