import { describe, expect, test } from "vitest";
import { can, type Rights } from "#lib/access/policy.ts";
import { PROJECT_ROLES, type ProjectRole } from "#lib/access/roles.ts";
import {
  type ApprovalFacts,
  type ApprovalRule,
  approvalBlockers,
  decideBlockers,
  judgeApprovals,
} from "./rule.ts";

const now = new Date("2026-11-21T12:00:00Z");
const rule: ApprovalRule = {
  required: 1,
  fourEyes: true,
  creatorId: "author",
  deployerId: "deployer",
  stale: false,
  now,
};
const approval = (change: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
  userId: "ops2",
  displayName: "Ops Two",
  decision: "approve",
  createdAt: new Date("2026-11-21T11:00:00Z"),
  expiresAt: new Date("2026-11-22T11:00:00Z"),
  voidedAt: null,
  voidReason: null,
  mayApprove: true,
  ...change,
});

describe("which approvals count", () => {
  test.each<
    [string, Partial<ApprovalFacts>, Partial<ApprovalRule>, { given: number; because: string | null }]
  >([
    ["somebody else's", {}, {}, { given: 1, because: null }],
    ["an expired one", { expiresAt: now }, {}, { given: 0, because: "EXPIRED" }],
    ["of a stale plan", {}, { stale: true }, { given: 0, because: "STALE" }],
    ["of who lost the role", { mayApprove: false }, {}, { given: 0, because: "RIGHT_LOST" }],
    ["of the release's author", { userId: "author" }, {}, { given: 0, because: "OWN_RELEASE" }],
    ["a replaced one", { voidedAt: now, voidReason: "REPLACED" }, {}, { given: 0, because: "REPLACED" }],
    ["of who deploys, under four eyes", { userId: "deployer" }, {}, { given: 0, because: null }],
    [
      "of who deploys, without four eyes",
      { userId: "deployer" },
      { fourEyes: false },
      { given: 1, because: null },
    ],
  ])("%s", (_name, facts, change, { given, because }) => {
    const judged = judgeApprovals([approval(facts)], { ...rule, ...change });
    expect(judged.given).toBe(given);
    expect(judged.each[0]?.voidedBecause).toBe(because);
    expect(judged.satisfied).toBe(given >= 1);
    expect(approvalBlockers(judged).map(({ code }) => code)).toEqual(given ? [] : ["APPROVALS_MISSING"]);
  });

  test("one person is one voice", () => {
    const judged = judgeApprovals([approval(), approval()], { ...rule, required: 2 });
    expect(judged).toMatchObject({ given: 1, satisfied: false });
  });

  test("a rejection holds even where no approval is needed, and does not expire", () => {
    const rejected = approval({ decision: "reject", expiresAt: now });
    const judged = judgeApprovals([rejected, approval({ userId: "owner" })], { ...rule, required: 0 });
    expect(approvalBlockers(judged).map(({ code }) => code)).toEqual(["PLAN_REJECTED"]);
  });
});

describe("who may decide: role x author x stale", () => {
  const roles: (ProjectRole | null)[] = [null, ...PROJECT_ROLES];
  const cases = roles.flatMap((role) =>
    [true, false].flatMap((author) => [true, false].map((stale) => ({ role, author, stale }))),
  );
  test.each(cases)("$role, author $author, stale $stale", ({ role, author, stale }) => {
    const rights: Rights = {
      userId: "me",
      globalRoles: [],
      projectRoles: role ? { shop: [role] } : {},
      grants: [],
    };
    const blockers = decideBlockers({
      userId: "me",
      mayApprove: can(rights, "plan.approve", "shop"),
      creatorId: author ? "me" : "author",
      stale,
      newer: null,
      over: [],
      planBlockers: [],
      decision: "approve",
    });
    const expected = [
      ...(role === "ops" || role === "owner" ? [] : ["ROLE_MISSING"]),
      ...(author ? ["OWN_RELEASE"] : []),
      ...(stale ? ["PLAN_STALE"] : []),
    ];
    expect(blockers.map(({ code }) => code)).toEqual(expected);
  });

  test("what cannot run is not approved, but may be rejected", () => {
    const facts = {
      userId: "me",
      mayApprove: true,
      creatorId: "author",
      stale: false,
      newer: null,
      over: [],
    };
    const planBlockers = [{ code: "IMAGE_MISSING", message: "", facts: {}, liftedBy: [] }];
    expect(decideBlockers({ ...facts, planBlockers, decision: "approve" })).toEqual(planBlockers);
    expect(decideBlockers({ ...facts, planBlockers, decision: "reject" })).toEqual([]);
  });

  test.each(["approve", "reject"] as const)("of a stage that is over nobody says %s", (decision) => {
    const over = [{ code: "STAGE_NOT_DEPLOYABLE", message: "", facts: {}, liftedBy: [] }];
    const facts = { userId: "me", mayApprove: true, creatorId: "author", stale: false, newer: null };
    expect(decideBlockers({ ...facts, over, planBlockers: [], decision })).toEqual(over);
  });

  test.each([
    ["none", null],
    ["sha256:22", { digest: "sha256:22" }],
  ])("an outdated plan names the one that took its place: %s", (name, newer) => {
    const facts = {
      userId: "me",
      mayApprove: true,
      creatorId: "author",
      stale: true,
      over: [],
      planBlockers: [],
    };
    const [blocker] = decideBlockers({ ...facts, newer, decision: "approve" });
    expect(blocker).toMatchObject({ code: "PLAN_STALE", facts: { newer: name } });
  });
});
