import { deployersOf } from "#lib/access/policy.ts";
import { rolesWith } from "#lib/access/roles.ts";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import { type Freeze, freezeOf } from "./freeze.ts";

export const REASONS = [
  "notBuilt",
  "previous",
  "notEntered",
  "held",
  "frozen",
  "images",
  "copies",
  "approval",
] as const;
export type Reason = {
  code: (typeof REASONS)[number];
  facts: Record<string, string | number>;
  /** A time that the text names (ISO). */
  until?: string;
  /** Roles or display names. */
  liftedBy: string[];
  /** It ends without anybody. */
  alone?: boolean;
};

/** The environment that would be deployed to next; none once everything has been, or the way has ended. */
export function nextDeployment(release: Pick<ReleaseDto, "state" | "stages">): StageDto | undefined {
  if (release.state === "released" || release.state === "abandoned") return undefined;
  const open = release.stages.find(({ state }) => state !== "passed");
  if (open === undefined) return undefined;
  if (open.state === "testing" || open.state === "deploying") {
    return release.stages[release.stages.indexOf(open) + 1];
  }
  return ["waiting", "entered", "failed"].includes(open.state) ? open : undefined;
}

/** What is known of its images there: findings that its policy refuses, copies that are not in its registry yet. */
export type ImageState = { refused: number; toGo: number; failed: number };

/**
 * Everything that keeps the release order from being deployed there, all at once. A view of what the server said; the
 * plan is what decides.
 */
export function whyNot(
  release: ReleaseDto,
  stage: StageDto,
  freezes: readonly Freeze[],
  images: ImageState,
): Reason[] {
  const reasons: Reason[] = [];
  const { environment } = stage;
  const previous = release.stages[release.stages.indexOf(stage) - 1];
  const held = stage.reservation;
  const freeze = freezeOf(freezes, environment);
  const approval = release.next.find(
    (step) => step.code === "APPROVE" && step.facts.environment === environment,
  );
  if (release.state !== "built") {
    reasons.push({ code: "notBuilt", facts: { state: release.shown }, liftedBy: rolesWith("release.write") });
  }
  if (previous !== undefined && previous.state !== "passed") {
    reasons.push({
      code: "previous",
      facts: { previous: previous.environment, state: previous.state },
      liftedBy: rolesWith("stage.flow"),
    });
  } else if (stage.state === "waiting") {
    reasons.push({ code: "notEntered", facts: { environment }, liftedBy: rolesWith("stage.flow") });
  }
  if (held !== null && held.release !== release.number) {
    reasons.push({
      code: "held",
      facts: { release: held.release, holder: held.heldBy.displayName },
      liftedBy: [held.heldBy.displayName, ...rolesWith("stage.flow")],
    });
  }
  if (freeze !== undefined) {
    reasons.push({
      code: "frozen",
      facts: { reason: freeze.reason },
      until: freeze.until,
      liftedBy: rolesWith("freeze.manage"),
      alone: true,
    });
  }
  if (images.refused > 0) {
    reasons.push({
      code: "images",
      facts: { count: images.refused },
      liftedBy: rolesWith("waiver.decide"),
    });
  }
  if (images.toGo + images.failed > 0) {
    reasons.push({
      code: "copies",
      facts: { count: images.toGo + images.failed, failed: images.failed },
      // What is on its way comes by itself.
      liftedBy: images.failed > 0 ? rolesWith("release.write") : [],
    });
  }
  if (approval !== undefined) {
    reasons.push({
      code: "approval",
      facts: { missing: approval.facts.missing ?? stage.approvalsRequired },
      liftedBy: rolesWith("plan.approve"),
    });
  }
  return reasons;
}

/** Roles that deploy there. */
export const deployersThere = (stage: Pick<StageDto, "environmentKind">) =>
  deployersOf({ kind: stage.environmentKind === "open" ? "open" : "controlled" });
