import type { CallOptions, ImageScan, ScanSeverity } from "../../ports.ts";
import { type HarborApi, placeOf, REPORT_TYPES } from "./api.ts";
import { artifactShape, type ReportSummary, vulnerabilitiesShape } from "./shapes.ts";

const ORDER: readonly ScanSeverity[] = ["critical", "high", "medium", "low", "negligible", "unknown"];
const NOTHING = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };

/** Harbor's words begin with a capital; `None` is a finding that nobody rated. */
function severityOf(word: string): ScanSeverity {
  return ORDER.find((severity) => severity === word.toLowerCase()) ?? "unknown";
}

/** Words of Harbor's job service. */
function stateOf(status: string): ImageScan["state"] {
  if (status === "Success") return "done";
  if (status === "Error" || status === "Stopped") return "failed";
  return status === "" ? "none" : "running";
}

/** What the scanner found in an image; null when Harbor has no such image. Throws AdapterError. */
export async function scanOf(
  api: HarborApi,
  { repository, digest }: { repository: string; digest: string },
  options?: CallOptions,
): Promise<ImageScan | null> {
  const place = placeOf(repository);
  if (!place) return null;
  const path = `${place.path}/artifacts/${digest}`;
  const artifact = await api.get(`${path}?with_scan_overview=true&with_tag=false`, artifactShape, options);
  if (!artifact) return null;
  const overview = artifact.scan_overview ?? {};
  const type = REPORT_TYPES.find((known) => overview[known]) ?? Object.keys(overview)[0];
  const report = type === undefined ? undefined : overview[type];
  if (!report)
    return { state: "none", scanner: null, finishedAt: null, counts: { ...NOTHING }, vulnerabilities: [] };
  const state = stateOf(report.scan_status);
  const found = state === "done" ? await vulnerabilitiesOf(api, path, options) : [];
  return {
    state,
    scanner: scannerOf(report),
    finishedAt: state === "running" ? null : (report.end_time ?? null),
    counts: countsOf(report, found),
    vulnerabilities: found,
  };
}

async function vulnerabilitiesOf(api: HarborApi, path: string, options?: CallOptions) {
  const reports = await api.get(`${path}/additions/vulnerabilities`, vulnerabilitiesShape, options);
  if (!reports) return [];
  const type = REPORT_TYPES.find((known) => reports[known]) ?? Object.keys(reports)[0] ?? "";
  return (reports[type]?.vulnerabilities ?? [])
    .map((item) => ({
      id: item.id,
      severity: severityOf(item.severity),
      package: item.package,
      version: item.version,
      fixedVersion: item.fix_version || null,
      // Shown as a link: whatever a scanner's database has must be a page.
      link: item.links?.find((link) => /^https?:\/\//.test(link)) ?? null,
    }))
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.id.localeCompare(b.id));
}

function scannerOf({ scanner }: ReportSummary): string | null {
  return [scanner?.name, scanner?.version].filter(Boolean).join(" ") || null;
}

/** As the overview says, which counts what the list leaves out; else by the list. */
function countsOf(report: ReportSummary, found: ImageScan["vulnerabilities"]): ImageScan["counts"] {
  const counts = { ...NOTHING };
  const said = Object.entries(report.summary?.summary ?? {});
  for (const [word, count] of said) counts[severityOf(word)] += count;
  if (said.length === 0) for (const { severity } of found) counts[severity] += 1;
  return counts;
}
