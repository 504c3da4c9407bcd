import { type ArtifactScan, SEVERITIES, type Severity } from "./content.ts";

/** What is told of a scan that is not done, the most hopeful first. */
const UNFINISHED = ["running", "failed", "none"] as const;

/** Each vulnerability at the worst that a scanner rated it, once a package and version; worst first. */
function union(scans: readonly ArtifactScan[]): ArtifactScan["vulnerabilities"] {
  const all = scans.flatMap(({ vulnerabilities }) => vulnerabilities);
  const rank = (severity: Severity) => SEVERITIES.indexOf(severity);
  const worst = new Map<string, Severity>();
  for (const { id, severity } of all) {
    const known = worst.get(id);
    if (known === undefined || rank(severity) < rank(known)) worst.set(id, severity);
  }
  const each = new Map(all.map((one) => [`${one.id} ${one.package} ${one.version}`, one]));
  return [...each.values()]
    .map((one) => ({ ...one, severity: worst.get(one.id) ?? one.severity }))
    .toSorted((a, b) => rank(a.severity) - rank(b.severity) || a.id.localeCompare(b.id));
}

const listed = (found: ArtifactScan["vulnerabilities"], severity: Severity) =>
  found.filter((one) => one.severity === severity).length;

/**
 * What the scanners of several registries found in one digest, as one scan: what any of them found counts. One that is
 * done is enough; while none is, the others say why. Null: nobody scans. Pure.
 */
export function mergedScan(scans: readonly (ArtifactScan | null)[]): ArtifactScan | null {
  const there = scans.filter((scan) => scan !== null);
  const done = there.filter(({ state }) => state === "done");
  const [first, ...others] = done;
  if (!first)
    return UNFINISHED.flatMap((state) => there.find((scan) => scan.state === state) ?? [])[0] ?? null;
  if (others.length === 0) return first;
  const vulnerabilities = union(done);
  const counts = { ...first.counts };
  for (const severity of SEVERITIES) {
    // What a scanner counts and does not list is counted once.
    const unlisted = done.map((scan) => scan.counts[severity] - listed(scan.vulnerabilities, severity));
    counts[severity] = listed(vulnerabilities, severity) + Math.max(0, ...unlisted);
  }
  return {
    state: "done",
    scanner: [...new Set(done.flatMap(({ scanner }) => scanner ?? []))].join(", ") || null,
    finishedAt:
      done
        .flatMap(({ finishedAt }) => finishedAt ?? [])
        .toSorted()
        .at(-1) ?? null,
    counts,
    vulnerabilities,
  };
}
