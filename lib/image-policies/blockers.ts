import { rolesWith } from "#lib/access/roles.ts";
import type { Blocker } from "#lib/errors.ts";
import type { ImageFinding, ImageRule } from "./schema.ts";

const CODE: Readonly<Record<ImageRule, string>> = {
  severity: "IMAGE_SEVERITY",
  scan: "IMAGE_UNSCANNED",
  signature: "IMAGE_UNSIGNED",
  base: "IMAGE_BASE",
  registry: "IMAGE_REGISTRY",
};
/** Names that a blocker lists; the page has them all. */
const NAMED = 5;

/** What holds a deployment back because of its images: one blocker a component and rule. Pure. */
export function imageBlockers(findings: readonly ImageFinding[], environment: string): Blocker[] {
  const groups = new Map<string, ImageFinding[]>();
  for (const finding of findings) {
    if (finding.waivedBy) continue;
    const key = `${finding.component}\n${finding.rule}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [blockerOf(first, group, environment)] : [];
  });
}

function blockerOf(first: ImageFinding, group: readonly ImageFinding[], environment: string): Blocker {
  const { component, rule, reason } = first;
  const code = CODE[rule];
  const liftedBy = rolesWith("waiver.decide");
  if (rule !== "severity") {
    const said = Object.values(first.facts).join(", ");
    const message = `${component}: the image policy of ${environment} refuses it: ${reason}${said && ` (${said})`}`;
    return { code, message, facts: { component, environment, reason, ...first.facts }, liftedBy };
  }
  const names = group.flatMap(({ facts }) =>
    facts.vulnerability === undefined ? [] : [String(facts.vulnerability)],
  );
  const count = group.reduce((sum, { facts }) => sum + (Number(facts.count) || 1), 0);
  const shown = names.slice(0, NAMED);
  const ids = shown.join(", ");
  const message = `${component}: ${count} vulnerabilities that ${environment} does not let through: ${ids}`;
  const facts = {
    component,
    environment,
    count,
    ids,
    more: count - shown.length,
    severity: first.severity ?? "",
  };
  return { code, message, facts, liftedBy };
}

/** What a rollback is told instead: an incident needs the old image, so it is not held back. Pure. */
export const imageWarnings = (findings: readonly ImageFinding[], environment: string) =>
  imageBlockers(findings, environment).map(({ code, message, facts }) => ({
    code,
    state: "warning" as const,
    message,
    facts,
  }));

/** A waiver that a plan rests on. */
export type PlanWaiver = { component: string; subject: string; waiver: string; expiresAt: string };

/** The waivers that let something through, as a plan's inputs name them. Pure. */
export const waiversUsed = (findings: readonly ImageFinding[]): PlanWaiver[] =>
  findings
    .flatMap(({ component, subject, waivedBy }): PlanWaiver[] =>
      waivedBy ? [{ component, subject, waiver: waivedBy.id, expiresAt: waivedBy.expiresAt }] : [],
    )
    .toSorted((a, b) => (`${a.component} ${a.subject}` < `${b.component} ${b.subject}` ? -1 : 1));

/**
 * The waivers that a plan names when it is computed again: those that it named, as long as they still let through all
 * that has to be. What needs no waiver any more unmakes no plan. Pure.
 */
export function standingWaivers(
  named: readonly PlanWaiver[],
  findings: readonly ImageFinding[],
): PlanWaiver[] {
  const used = waiversUsed(findings);
  const covered = used.every((one) =>
    named.some(
      ({ waiver, component, subject }) =>
        waiver === one.waiver && component === one.component && subject === one.subject,
    ),
  );
  const lost = findings.some(
    ({ component, subject, waivedBy }) =>
      waivedBy === null && named.some((one) => one.component === component && one.subject === subject),
  );
  return covered && !lost ? [...named] : used;
}
