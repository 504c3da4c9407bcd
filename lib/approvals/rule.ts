import { rolesWith } from "#lib/access/roles.ts";
import type { Blocker } from "#lib/errors.ts";
import { staleBlocker } from "#lib/plans/stale.ts";

/** One decision about a plan, with what its maker may do now. */
export type ApprovalFacts = {
  userId: string;
  displayName: string;
  decision: "approve" | "reject";
  createdAt: Date;
  expiresAt: Date;
  voidedAt: Date | null;
  voidReason: string | null;
  /** The right to approve, read now: a revoked role voids. */
  mayApprove: boolean;
};
export type ApprovalRule = {
  /** How many must agree; 0 asks for none. */
  required: number;
  fourEyes: boolean;
  /** Of the release order. */
  creatorId: string;
  /** Who deploys; null while nobody does. */
  deployerId: string | null;
  /** The plan is no longer what would be computed. */
  stale: boolean;
  now: Date;
};
export type Judged<Approval extends ApprovalFacts> = Approval & {
  valid: boolean;
  voidedBecause: string | null;
};
export type Exclusion = { userId: string; displayName: string; reason: "OWN_RELEASE" | "DEPLOYS_ITSELF" };

/** Which decisions count, and whether they are enough. Pure; the one place where the four-eyes rule stands. */
export function judgeApprovals<Approval extends ApprovalFacts>(
  approvals: readonly Approval[],
  rule: ApprovalRule,
) {
  const each: Judged<Approval>[] = approvals.map((approval) => {
    const voidedBecause = voidReason(approval, rule);
    return { ...approval, valid: voidedBecause === null, voidedBecause };
  });
  const excluded: Exclusion[] = [];
  const counted = each.filter((approval) => {
    if (!approval.valid || approval.decision !== "approve") return false;
    if (!rule.fourEyes || approval.userId !== rule.deployerId) return true;
    excluded.push({ userId: approval.userId, displayName: approval.displayName, reason: "DEPLOYS_ITSELF" });
    return false;
  });
  const given = new Set(counted.map(({ userId }) => userId)).size;
  const rejected = each.filter(({ valid, decision }) => valid && decision === "reject");
  return {
    each,
    given,
    required: rule.required,
    satisfied: given >= rule.required && rejected.length === 0,
    rejected,
    excluded,
  };
}

function voidReason(approval: ApprovalFacts, rule: ApprovalRule): string | null {
  if (approval.voidedAt) return approval.voidReason ?? "REPLACED";
  if (rule.stale) return "STALE";
  // A rejection stands until its maker decides again: time does not heal a reason.
  if (approval.decision === "approve" && approval.expiresAt <= rule.now) return "EXPIRED";
  if (!approval.mayApprove) return "RIGHT_LOST";
  if (approval.userId === rule.creatorId) return "OWN_RELEASE";
  return null;
}

/** What the approvals still hold against a deployment. Pure. */
export function approvalBlockers(judged: ReturnType<typeof judgeApprovals>): Blocker[] {
  const liftedBy = rolesWith("plan.approve");
  const blockers: Blocker[] = judged.rejected.map(({ displayName }) => ({
    code: "PLAN_REJECTED",
    message: `${displayName} rejected this plan`,
    facts: { person: displayName },
    liftedBy: [displayName],
  }));
  if (judged.given < judged.required) {
    const facts = { required: judged.required, given: judged.given };
    const message = `${judged.given} of ${judged.required} approvals by someone who neither raised the release order nor deploys`;
    blockers.push({ code: "APPROVALS_MISSING", message, facts, liftedBy });
  }
  return blockers;
}

/** Why a person cannot decide on a plan; everything at once. Pure. */
export function decideBlockers(facts: {
  userId: string;
  mayApprove: boolean;
  creatorId: string;
  stale: boolean;
  /** The plan that took an outdated one's place. */
  newer: { digest: string } | null;
  /** Why the plan is history: neither word about it would change anything. */
  over: readonly Blocker[];
  /** What the plan's own computation found; approving what cannot run would be an empty word. */
  planBlockers: readonly Blocker[];
  decision: "approve" | "reject";
}): Blocker[] {
  const liftedBy = rolesWith("plan.approve");
  const blockers: Blocker[] = [];
  if (!facts.mayApprove) {
    blockers.push({
      code: "ROLE_MISSING",
      message: `needs one of: ${liftedBy.join(", ")}`,
      facts: { permission: "plan.approve" },
      liftedBy,
    });
  }
  if (facts.userId === facts.creatorId) {
    const message = "who raised a release order does not approve its plans";
    blockers.push({ code: "OWN_RELEASE", message, facts: {}, liftedBy });
  }
  blockers.push(...facts.over);
  if (facts.stale) blockers.push(staleBlocker(facts.newer));
  if (facts.decision === "approve") blockers.push(...facts.planBlockers);
  return blockers;
}
