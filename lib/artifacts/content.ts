import { z } from "zod";

/** What the JSON columns of an artifact hold: the registry's answers when it was last asked. Times are ISO texts. */

/** From worst to least; `unknown` is what a scanner has not rated. */
export const SEVERITIES = ["critical", "high", "medium", "low", "negligible", "unknown"] as const;
export type Severity = (typeof SEVERITIES)[number];
const severityCounts = z.object({
  critical: z.number(),
  high: z.number(),
  medium: z.number(),
  low: z.number(),
  negligible: z.number(),
  unknown: z.number(),
});

const artifactLayerSchema = z.object({
  digest: z.string(),
  /** Digest of the uncompressed layer, by which a base image is recognised; null where the config does not say. */
  diffId: z.string().nullable(),
  sizeBytes: z.number(),
  createdBy: z.string().nullable(),
});

/** `Artifact.content` */
export const artifactContentSchema = z.object({
  mediaType: z.string(),
  createdAt: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** Of an index: the images it names. */
  platforms: z.array(z.object({ digest: z.string(), os: z.string(), architecture: z.string() })),
  /** In order; of an index: those of its first platform. */
  layers: z.array(artifactLayerSchema),
  /** Since when the registry has not had it any more; null: it has it. */
  goneSince: z.string().nullable(),
});
export type ArtifactContent = z.infer<typeof artifactContentSchema>;

/** `Artifact.evidence`, `ImageCopy.evidence` */
export const artifactEvidenceSchema = z.object({
  /** Keys of the signing keys that were tried. */
  keys: z.array(z.string()),
  signatures: z.array(
    z.object({ digest: z.string(), verifiedBy: z.array(z.string()), problem: z.string().nullable() }),
  ),
  sboms: z.array(
    z.object({
      format: z.enum(["spdx", "cyclonedx", "other"]),
      digest: z.string(),
      sizeBytes: z.number(),
      verifiedBy: z.array(z.string()),
    }),
  ),
  provenance: z.array(
    z.object({ predicateType: z.string(), digest: z.string(), verifiedBy: z.array(z.string()) }),
  ),
});
export type ArtifactEvidence = z.infer<typeof artifactEvidenceSchema>;

const vulnerabilitySchema = z.object({
  id: z.string(),
  severity: z.enum(SEVERITIES),
  package: z.string(),
  version: z.string(),
  fixedVersion: z.string().nullable(),
  link: z.string().nullable(),
});

/** `Artifact.scan`, `ImageCopy.scan`; the column is null where the registry does not scan, or was not asked yet (`inspectedAt` is null). */
export const artifactScanSchema = z.object({
  state: z.enum(["none", "running", "done", "failed"]),
  scanner: z.string().nullable(),
  finishedAt: z.string().nullable(),
  counts: severityCounts,
  vulnerabilities: z.array(vulnerabilitySchema),
});
export type ArtifactScan = z.infer<typeof artifactScanSchema>;

/** `Artifact.inspectProblem`, `ImageCopy.inspectProblem`: why the registry could not be asked, and when it was tried. */
export const inspectProblemSchema = z.object({ failure: z.string(), message: z.string(), at: z.string() });
export type InspectProblem = z.infer<typeof inspectProblemSchema>;

/** Keys that verified at least one signature of the image itself; empty: it counts as unsigned. */
export function signedBy(evidence: ArtifactEvidence | null): string[] {
  return [...new Set(evidence?.signatures.flatMap(({ verifiedBy }) => verifiedBy) ?? [])].sort();
}
