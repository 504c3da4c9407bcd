import { z } from "zod";
import type { Store } from "../store.ts";
import { notFound } from "./exchange.ts";
import { SCANNER, scanImage } from "./scanner.ts";
import type { HarborState } from "./state.ts";

const manifestShape = z.object({
  mediaType: z.string().optional(),
  subject: z.object({}).optional(),
  config: z.object({ size: z.number(), mediaType: z.string() }).optional(),
  layers: z.array(z.object({ size: z.number() })).optional(),
  manifests: z.array(z.object({ digest: z.string() })).optional(),
});
/** Tags under which signatures and their like are stored beside an image: they are no artifacts of their own. */
const BESIDE = /^sha256-[0-9a-f]{64}/;

const REPORT = "application/vnd.security.vulnerability.report; version=1.1";
export type Place = { project: string; repository: string };
export type Known = { store: Store; harbor: HarborState; scanMs: number };

const fullName = ({ project, repository }: Place) => `${project}/${repository}`;
export const keyOf = (place: Place, digest: string) => `${fullName(place)}@${digest}`;

/** What a repository has, newest push first: images and indexes, neither what belongs to an index nor what signs. */
export async function artifactsIn({ store, harbor }: Known, place: Place) {
  const name = fullName(place);
  const revisions = await store.revisions(name);
  if (!revisions) throw notFound(`repository ${name}`);
  const tags = await store.tags(name);
  const tagged: { tag: string; digest: string | undefined }[] = [];
  for (const tag of tags ?? []) tagged.push({ tag, digest: await store.tagDigest(name, tag) });
  const children = new Set<string>();
  const found = [];
  for (const { digest, pushedAt } of revisions) {
    const manifest = await store.manifest(name, digest);
    if (!manifest) continue;
    const content = manifestShape.parse(JSON.parse(manifest.body.toString("utf8")));
    for (const child of content.manifests ?? []) children.add(child.digest);
    const own = tagged.filter((one) => one.digest === digest).map(({ tag }) => tag);
    if (content.subject || own.some((tag) => BESIDE.test(tag))) continue;
    const size = [content.config, ...(content.layers ?? [])].reduce(
      (sum, part) => sum + (part?.size ?? 0),
      0,
    );
    const labels = (harbor.state.carried[keyOf(place, digest)] ?? []).flatMap((id) =>
      harbor.state.labels.filter((label) => label.id === id),
    );
    found.push({ digest, pushedAt, tags: own, labels, size, mediaType: manifest.mediaType });
  }
  return found
    .filter(({ digest, tags: own }) => own.length > 0 || !children.has(digest))
    .sort((a, b) => b.pushedAt.getTime() - a.pushedAt.getTime());
}
export type Artifact = Awaited<ReturnType<typeof artifactsIn>>[number];

/** By tag or digest. @throws HarborError 404 */
export async function artifactOf(known: Known, place: Place, reference: string): Promise<Artifact> {
  const all = await artifactsIn(known, place);
  const found = all.find(({ digest, tags }) => digest === reference || tags.includes(reference));
  if (!found) throw notFound(`artifact ${fullName(place)}@${reference}`);
  return found;
}

/** When its scan began: with the push where the project scans by itself, or when it was asked for. */
function scanBegan({ harbor }: Known, place: Place, { digest, pushedAt }: Artifact): number | undefined {
  const asked = harbor.state.scans[keyOf(place, digest)];
  if (asked !== undefined) return asked;
  return harbor.project(place.project).metadata.auto_scan === "true" ? pushedAt.getTime() : undefined;
}

/** Undefined where no scan was begun, null findings where it failed. */
export async function scanOf(known: Known, place: Place, artifact: Artifact) {
  const began = scanBegan(known, place, artifact);
  if (began === undefined) return undefined;
  const end = began + known.scanMs;
  if (Date.now() < end) return { began, end, status: "Running", findings: null };
  const findings = await scanImage(known.store, fullName(place), artifact.digest);
  return { began, end, status: findings ? "Success" : "Error", findings };
}

const ORDER = ["Critical", "High", "Medium", "Low"] as const;
const worst = (found: readonly { severity: string }[]) =>
  ORDER.find((severity) => found.some((one) => one.severity === severity)) ?? "None";

/** An artifact as the API tells it. */
export async function artifactView(known: Known, place: Place, artifact: Artifact, query: URLSearchParams) {
  const wants = (name: string, usual = false) => (query.get(name) ?? String(usual)) === "true";
  const scan = wants("with_scan_overview") ? await scanOf(known, place, artifact) : undefined;
  const counts: Record<string, number> = {};
  for (const { severity } of scan?.findings ?? []) counts[severity] = (counts[severity] ?? 0) + 1;
  const pushed = artifact.pushedAt.toISOString();
  return {
    digest: artifact.digest,
    manifest_media_type: artifact.mediaType,
    type: "IMAGE",
    size: artifact.size,
    push_time: pushed,
    pull_time: "0001-01-01T00:00:00.000Z",
    repository_name: fullName(place),
    project_id: known.harbor.project(place.project).id,
    tags: wants("with_tag", true)
      ? artifact.tags.map((name) => ({ name, push_time: pushed, immutable: false }))
      : null,
    labels: wants("with_label")
      ? artifact.labels.map(({ id, name, projectId }) => ({ id, name, scope: "p", project_id: projectId }))
      : null,
    ...(scan
      ? {
          scan_overview: {
            [REPORT]: {
              report_id: artifact.digest.slice(7, 43),
              scan_status: scan.status,
              severity: worst(scan.findings ?? []),
              duration: Math.round(known.scanMs / 1000),
              ...(scan.findings
                ? {
                    summary: {
                      total: scan.findings.length,
                      fixable: scan.findings.filter(({ fixedIn }) => fixedIn !== null).length,
                      summary: counts,
                    },
                  }
                : {}),
              start_time: new Date(scan.began).toISOString(),
              end_time: new Date(scan.end).toISOString(),
              complete_percent: scan.status === "Running" ? 0 : 100,
              scanner: SCANNER,
            },
          },
        }
      : {}),
  };
}

/** The vulnerabilities addition. @throws HarborError 404 where there is no report */
export async function reportView(known: Known, place: Place, artifact: Artifact) {
  const scan = await scanOf(known, place, artifact);
  if (!scan?.findings) throw notFound(`report of ${fullName(place)}@${artifact.digest}`);
  const vulnerabilities = scan.findings.map((finding) => ({
    id: finding.id,
    package: finding.package,
    version: finding.version,
    fix_version: finding.fixedIn ?? "",
    severity: finding.severity,
    status: finding.fixedIn === null ? "affected" : "fixed",
    description: finding.description,
    links: [`https://avd.aquasec.com/nvd/${finding.id.toLowerCase()}`],
    artifact_digests: [artifact.digest],
    preferred_cvss: { score_v3: finding.score, score_v2: null, vector_v3: "", vector_v2: "" },
    cwe_ids: [],
    vendor_attributes: {},
  }));
  return {
    [REPORT]: {
      generated_at: new Date(scan.end).toISOString(),
      scanner: SCANNER,
      severity: worst(scan.findings),
      vulnerabilities,
    },
  };
}
