import { placeNames } from "./place-names.ts";
import { type Comparison, healthyElsewhere, oldServing, type TargetRun } from "./progress-model.ts";

type Part = Comparison["parts"][number];
type PartName = Part["part"];

/** Causes that say what happens to pods and not where that comes from; all others name their origin themselves. */
const OPEN_CAUSES = [
  "CRASH",
  "OOM_KILLED",
  "PROBE_FAILING",
  "IMAGE_PULL",
  "UNSCHEDULABLE",
  "QUOTA",
  "POD_SECURITY",
  "MISSING_CONFIG",
  "DEADLINE_EXCEEDED",
  "SMOKE_CHECK_FAILED",
  "UNKNOWN",
];
/** Of these a difference explains the cause, whatever else differs. */
const EXPLAINED_BY: Readonly<Record<string, readonly PartName[]>> = {
  UNSCHEDULABLE: ["nodes"],
  QUOTA: ["quota"],
  POD_SECURITY: ["pod_security"],
  MISSING_CONFIG: ["secrets", "manifest"],
};
/** The new version's own doing, as far as the old one serves on in the same place. */
const OF_VERSION = ["CRASH", "OOM_KILLED", "PROBE_FAILING", "DEADLINE_EXCEEDED", "SMOKE_CHECK_FAILED"];

/**
 * - `explained`: a difference from the healthy target that explains the cause
 * - `differs`: all that differs from the healthy target
 * - `alike`: nothing that differs could be the reason
 * - `elsewhere`: healthy in another place, not compared (yet)
 * - `everywhere`: it failed in the same way wherever it was tried
 * - `version`: the old version serves on in the same place
 * - `told`: the cause says it all
 */
type LikelyKind = "explained" | "differs" | "alike" | "elsewhere" | "everywhere" | "version" | "told";
export type LikelyCause = {
  kind: LikelyKind;
  target: TargetRun;
  code: string;
  component: string;
  place: string;
  /** Where it is healthy; empty if nowhere. */
  other: string;
  /** How many targets failed so. */
  count: number;
  parts: PartName[];
  /** Whether every part could be read on both sides. */
  complete: boolean;
  /** Whether both manifests name the same image. */
  sameImage: boolean;
};

const NO_NODE = "no pod is on a node";
const limits = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/ \S+ of (\S+)$/, " $1")).join("\n");

/** Whether a part that differs can be a reason, and is not what came of the failure. */
function isReason({ part, same, here, there }: Part): boolean {
  if (same !== false) return false;
  // The plan gives every target the same image; what runs differs because the new one did not come up.
  if (part === "image") return false;
  if (part === "nodes") return ![here, there].some((lines) => lines.length === 0 || lines.includes(NO_NODE));
  // How much is used follows from what runs.
  if (part === "quota") return limits(here) !== limits(there);
  return true;
}

/** Whether the manifests name the same image on both sides; not known where they could not be compared. */
function hasSameImage(parts: readonly Part[]): boolean {
  const manifest = parts.find(({ part }) => part === "manifest");
  if (!manifest || manifest.same === null) return false;
  return manifest.same || ![...manifest.here, ...manifest.there].some((line) => /\bimage:/.test(line));
}

/**
 * Where a failure probably comes from, from what was recorded alone: the cause, the other targets, and how the failed
 * one differs from a healthy one. Null when no target failed with a cause. Pure.
 * @param picked the failed target to speak of; left out, one that could be compared, else the first
 */
export function likelyCause(targets: readonly TargetRun[], picked?: TargetRun): LikelyCause | null {
  const failed = targets.filter(({ state, cause }) => state === "failed" && cause !== null);
  const target = picked ?? failed.find(({ comparison }) => comparison !== null) ?? failed[0];
  if (!target?.cause) return null;
  const nameOf = placeNames(targets);
  const { code, facts } = target.cause;
  const component = String(facts.component ?? "");
  const alike = failed.filter(
    ({ cause }) => cause?.code === code && String(cause.facts.component ?? "") === component,
  );
  const base = { target, code, component, place: nameOf(target), count: alike.length };
  const nothing = { other: "", parts: [], complete: true, sameImage: false };
  if (!OPEN_CAUSES.includes(code) || component === "") return { ...base, ...nothing, kind: "told" };
  const { comparison } = target;
  if (comparison !== null) {
    const { parts } = comparison;
    const reasons = parts.filter(isReason).map(({ part }) => part);
    const explaining = reasons.filter((part) => EXPLAINED_BY[code]?.includes(part));
    return {
      ...base,
      kind: explaining.length > 0 ? "explained" : reasons.length > 0 ? "differs" : "alike",
      other: nameOf(comparison.with),
      parts: explaining.length > 0 ? explaining : reasons,
      complete: parts.every(({ same }) => same !== null),
      sameImage: hasSameImage(parts),
    };
  }
  const [healthy] = healthyElsewhere(targets, target, component);
  if (healthy) return { ...base, ...nothing, kind: "elsewhere", other: nameOf(healthy) };
  if (alike.length > 1 && alike.length === failed.length) return { ...base, ...nothing, kind: "everywhere" };
  const old = target.workloads.filter((workload) => workload.component === component);
  const serves = old.some((workload) => oldServing(workload) > 0);
  return { ...base, ...nothing, kind: serves && OF_VERSION.includes(code) ? "version" : "told" };
}
