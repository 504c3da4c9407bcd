import { z } from "zod";
import { idPageQuerySchema, pageOf } from "#lib/http/page.ts";
import { reasonSchema } from "#lib/kept-images/reason-schema.ts";
import { personSchema } from "#lib/projects/schema.ts";
import { REGISTRY_KINDS } from "#lib/registries/schema.ts";
import {
  artifactContentSchema,
  artifactEvidenceSchema,
  artifactScanSchema,
  inspectProblemSchema,
} from "./content.ts";

export const artifactParams = z.object({
  /** Its id, or the digest as a pod names it. */
  id: z.union([z.uuid(), z.string().regex(/^sha256:[0-9a-f]{64}$/)]),
});
export const artifactQuerySchema = z.object({
  /** With a digest: of which release order, where several built the same image. */
  release: z.string().max(40).optional(),
});

/** How a list is cut down: `signed` by any key that counts; `severity` the worst that was found, or worse. */
export const ARTIFACT_SEVERITIES = ["critical", "high", "medium", "clean", "unscanned"] as const;
export const artifactListQuerySchema = idPageQuerySchema.extend({
  project: z.string().max(40).optional(),
  component: z.string().max(40).optional(),
  signed: z.enum(["yes", "no"]).optional(),
  severity: z.enum(ARTIFACT_SEVERITIES).optional(),
  /** Key of the base that it sits on. */
  base: z.string().max(40).optional(),
  /** `true`: only those whose base has moved on. */
  behind: z.stringbool().optional(),
  /** Start of a digest, or part of an image's name. */
  q: z.string().trim().max(200).optional(),
});
export const artifactSummarySchema = z.object({
  id: z.string(),
  project: z.string(),
  projectName: z.string(),
  release: z.string(),
  component: z.string(),
  image: z.string(),
  digest: z.string(),
  sizeBytes: z.number().nullable(),
  createdAt: z.string(),
  /** Null until the registry was asked. */
  signedBy: z.array(z.string()).nullable(),
  /** Null where it was not scanned. */
  counts: artifactScanSchema.shape.counts.nullable(),
  base: z.object({ key: z.string(), behind: z.boolean() }).nullable(),
  /** The registry does not have it any more. */
  gone: z.boolean(),
});
export type ArtifactSummaryDto = z.infer<typeof artifactSummarySchema>;
export const artifactListSchema = pageOf(artifactSummarySchema);

const time = z.string();
const artifactRegistrySchema = z.object({
  key: z.string(),
  name: z.string(),
  kind: z.enum(REGISTRY_KINDS),
  /** What it is called there, with host and tag. */
  image: z.string(),
  /** It was built into this one. */
  built: z.boolean(),
  /** Keys of the environments that deploy from this registry as their own. */
  environments: z.array(z.string()),
  /** Signatures, SBOMs and provenance that lie there; null until it was asked. */
  evidence: artifactEvidenceSchema.nullable(),
  /** Null where this registry does not scan. */
  scan: artifactScanSchema.nullable(),
  /** When it last answered. */
  inspectedAt: time.nullable(),
  /** Why it could not be asked since. */
  inspectProblem: inspectProblemSchema.nullable(),
  /** Since when it has not had the image any more. */
  goneSince: time.nullable(),
  /** The copy that was lost, where the reader may have it copied again. */
  lostCopy: z.string().nullable(),
});
export type ArtifactRegistryDto = z.infer<typeof artifactRegistrySchema>;
export const artifactSchema = z.object({
  id: z.string(),
  project: z.string(),
  projectName: z.string(),
  release: z.string(),
  releaseTitle: z.string(),
  component: z.string(),
  componentName: z.string(),
  image: z.string(),
  digest: z.string(),
  sizeBytes: z.number().nullable(),
  createdAt: time,
  ref: z.string(),
  commit: z.string(),
  commitSubject: z.string().nullable(),
  commitAuthor: z.string().nullable(),
  /** The commit on its Git host's own pages, where these are known. */
  commitUrl: z.string().nullable(),
  build: z.object({
    id: z.string(),
    attempt: z.number(),
    /** On the build server. */
    number: z.number().nullable(),
    triggeredBy: personSchema,
    endedAt: time.nullable(),
  }),
  /** What the registry that it was built into said of its layers; null until it was asked. */
  content: artifactContentSchema.nullable(),
  /** The registries that have it, or had: the one that it was built into first, then those it was copied to. */
  registries: z.array(artifactRegistrySchema),
  /** What it stands on, the lowest first; `layers` counts from the bottom. Empty: on no base that is registered. */
  bases: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      digest: z.string(),
      layers: z.number(),
      behind: z.boolean(),
    }),
  ),
  /** Where it was deployed last, and nothing else since. */
  runs: z.array(
    z.object({
      environment: z.string(),
      cluster: z.string(),
      namespace: z.string(),
      deployment: z.string(),
      release: z.string(),
      since: time.nullable(),
    }),
  ),
  /** Why no cleanup may delete it, the strongest first; none: one may. */
  kept: z.array(reasonSchema),
  /** Every decision on a plan of the release order, newest first. */
  approvals: z.array(
    z.object({
      environment: z.string(),
      plan: z.string(),
      decision: z.enum(["approve", "reject"]),
      person: personSchema,
      createdAt: time,
      /** Withdrawn, or lapsed because the plan changed. */
      voided: z.boolean(),
    }),
  ),
});
export type ArtifactDto = z.infer<typeof artifactSchema>;
