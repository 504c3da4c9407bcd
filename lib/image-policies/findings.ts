import {
  type ArtifactEvidence,
  type ArtifactScan,
  SEVERITIES,
  type Severity,
  signedBy,
} from "#lib/artifacts/content.ts";
import { mergedScan } from "#lib/artifacts/merged.ts";
import type { ImageFinding, ImageRule, MaxSeverity, PolicyRules } from "./schema.ts";

/** How long what a registry and a scanner said is believed: new vulnerabilities become known every day. */
const BELIEVED_DAYS = 7;
const DAY_MS = 86_400_000;

/** What one registry and its scanner say of a digest; null where nobody has asked yet. */
export type RegistryWord = {
  /** When they were last asked. */
  inspectedAt: Date | null;
  evidence: ArtifactEvidence | null;
  /** Null where the registry does not scan. */
  scan: ArtifactScan | null;
};
/** What is known of one image. */
export type ImageFacts = {
  component: string;
  image: string;
  /** Key of the registry that it is deployed from; null: none that the portal knows. */
  registry: string | null;
  /** Of the registry that it was built into, and of the one that it is deployed from where that is another. */
  said: readonly RegistryWord[];
  /** Key of the base image that its layers begin with; null: none that the portal knows. */
  base: string | null;
};
/** A waiver that was granted and has not been revoked. `component` null: every one of the project. */
export type WaiverFacts = {
  id: string;
  component: string | null;
  subject: string;
  owner: string;
  reason: string;
  expiresAt: Date;
};
type Found = Omit<ImageFinding, "component" | "waivedBy">;

/** Severities that a limit lets through. What nobody rated is as little as negligible, as scanners see it. */
const LET_THROUGH: Readonly<Record<MaxSeverity, readonly Severity[]>> = {
  none: [],
  low: ["low", "negligible", "unknown"],
  medium: ["medium", "low", "negligible", "unknown"],
  high: ["high", "medium", "low", "negligible", "unknown"],
};

/**
 * What an image is not, although an environment's policy asks for it, and which waiver lets each thing through at `now`.
 * Pure. What is not known, or was learnt too long ago, counts as not so. A signature counts in whichever registry it lies,
 * since it names the digest; so does a vulnerability, whoever's scanner found it.
 */
export function imageFindings(
  policy: PolicyRules,
  facts: ImageFacts,
  waivers: readonly WaiverFacts[],
  now: Date,
): ImageFinding[] {
  return [
    ...severityFindings(policy, facts, now),
    ...signatureFindings(policy, facts, now),
    ...baseFindings(policy, facts, now),
    ...registryFindings(policy, facts),
  ].map((found) => ({
    ...found,
    component: facts.component,
    waivedBy: waiverFor(waivers, facts.component, found, now),
  }));
}

/** What was said of an image and still counts. Pure. */
const believed = ({ said }: ImageFacts, now: Date): RegistryWord[] =>
  said.filter(({ inspectedAt }) => inspectedAt !== null && isBelieved(inspectedAt, now));

/** Why nothing that is known of an image can be believed; null: something can. Pure. */
function staleness(facts: ImageFacts, now: Date): "not_inspected" | "old" | null {
  if (facts.said.every(({ inspectedAt }) => inspectedAt === null)) return "not_inspected";
  return believed(facts, now).length > 0 ? null : "old";
}

/** Whether what was learnt then still counts at `now`. Pure. */
export const isBelieved = (inspectedAt: Date, now: Date): boolean =>
  now.getTime() - inspectedAt.getTime() <= BELIEVED_DAYS * DAY_MS;

const finding = (
  rule: ImageRule,
  reason: string,
  facts: Found["facts"] = {},
  named: Partial<Pick<Found, "subject" | "severity">> = {},
): Found => ({ rule, reason, facts, subject: rule, severity: null, ...named });

/** The finding that says that nobody can say, if so. */
const unknownFor = (rule: ImageRule, facts: ImageFacts, now: Date): Found[] => {
  const why = staleness(facts, now);
  return why === null ? [] : [finding(rule, why, why === "old" ? { days: BELIEVED_DAYS } : {})];
};

function severityFindings(policy: PolicyRules, facts: ImageFacts, now: Date): Found[] {
  const { maxSeverity, requireScan } = policy;
  if (maxSeverity === null && !requireScan) return [];
  const unknown = unknownFor("scan", facts, now);
  if (unknown.length > 0) return unknown;
  const scan = mergedScan(believed(facts, now).map((word) => word.scan));
  if (scan === null) return requireScan ? [finding("scan", "no_scanner")] : [];
  if (scan.state !== "done") return [finding("scan", `scan_${scan.state}`)];
  if (maxSeverity === null) return [];
  const through = LET_THROUGH[maxSeverity];
  const over = SEVERITIES.filter((severity) => !through.includes(severity));
  return over.flatMap((severity) => {
    const all = scan.vulnerabilities.filter((one) => one.severity === severity);
    // One vulnerability in several packages is let through, or not, as one.
    const each = new Map(all.map((one) => [one.id, one]));
    const listed = [...each.values()].map((one) =>
      finding(
        "severity",
        one.fixedVersion === null ? "vulnerable" : "vulnerable_fixed",
        {
          vulnerability: one.id,
          package: one.package,
          version: one.version,
          ...(one.fixedVersion === null ? {} : { fixedVersion: one.fixedVersion }),
          ...(one.link === null ? {} : { link: one.link }),
        },
        { subject: one.id, severity },
      ),
    );
    const unlisted = scan.counts[severity] - all.length;
    if (unlisted <= 0) return listed;
    return [...listed, finding("severity", "unlisted", { count: unlisted, severity }, { severity })];
  });
}

function signatureFindings({ requireSignature }: PolicyRules, facts: ImageFacts, now: Date): Found[] {
  if (!requireSignature) return [];
  const unknown = unknownFor("signature", facts, now);
  if (unknown.length > 0) return unknown;
  const words = believed(facts, now);
  if (words.some(({ evidence }) => signedBy(evidence).length > 0)) return [];
  const any = words.some(({ evidence }) => (evidence?.signatures.length ?? 0) > 0);
  return [finding("signature", any ? "untrusted" : "unsigned")];
}

function baseFindings({ allowedBases }: PolicyRules, facts: ImageFacts, now: Date): Found[] {
  if (allowedBases.length === 0) return [];
  const unknown = unknownFor("base", facts, now);
  if (unknown.length > 0) return unknown;
  const allowed = allowedBases.join(", ");
  if (facts.base === null) return [finding("base", "base_unknown", { allowed })];
  return allowedBases.includes(facts.base) ? [] : [finding("base", "base", { base: facts.base, allowed })];
}

function registryFindings({ allowedRegistries }: PolicyRules, facts: ImageFacts): Found[] {
  if (allowedRegistries.length === 0) return [];
  const { registry, image } = facts;
  if (registry !== null && allowedRegistries.includes(registry)) return [];
  return [
    finding("registry", registry === null ? "registry_unknown" : "registry", {
      registry: registry ?? image,
      allowed: allowedRegistries.join(", "),
    }),
  ];
}

/**
 * The waiver that lets a finding through: one that names it, or its rule, for the component or the whole project. The
 * oldest of several, so that another one that is granted does not change what a plan says.
 */
function waiverFor(waivers: readonly WaiverFacts[], component: string, found: Found, now: Date) {
  const waiver = waivers
    .filter(
      (one) =>
        one.expiresAt > now &&
        (one.component === null || one.component === component) &&
        (one.subject === found.subject || one.subject === found.rule),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))[0];
  if (!waiver) return null;
  const { id, owner, reason, expiresAt } = waiver;
  return { id, owner, reason, expiresAt: expiresAt.toISOString() };
}
