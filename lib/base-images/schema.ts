import { z } from "zod";
import { blockerSchema } from "#lib/errors.ts";
import { keySchema, nameSchema } from "#lib/projects/schema.ts";
import { RELEASE_STATES } from "#lib/releases/state.ts";

/** `BaseImage.problem`: why the registry could not be asked, and when it was tried. */
export const baseProblemSchema = z.object({ failure: z.string(), message: z.string(), at: z.string() });
export type BaseProblem = z.infer<typeof baseProblemSchema>;

const versionSchema = z.object({
  digest: z.string(),
  /** As the image says. */
  createdAt: z.string().nullable(),
  /** Since when the tag has pointed to it, as far as it was watched. */
  seenAt: z.string(),
  /** What the tag points to now. */
  current: z.boolean(),
  layers: z.number(),
  /** Components that run or were last passed on it, all projects. */
  components: z.number(),
});

/** Where a component stands with its base: `rebuilding` when a release order for the newest version is under way. */
export const BASE_STANDINGS = ["current", "behind", "rebuilding"] as const;
const placedSchema = z.object({
  project: z.string(),
  projectName: z.string(),
  component: z.string(),
  componentName: z.string(),
  standing: z.enum(BASE_STANDINGS),
  /** The newest release order that passed somewhere, else the newest that runs: what a rebuild starts from. */
  source: z.object({
    release: z.string(),
    commit: z.string(),
    commitSubject: z.string().nullable(),
    artifact: z.string(),
    /** Digest of the base version that it sits on; null: on none of this base. */
    base: z.string().nullable(),
  }),
  /** The release order that builds it on the newest version, while it is under way. */
  rebuild: z.string().nullable(),
  rebuildState: z.enum(RELEASE_STATES).nullable(),
  /** Where it runs, in order of rank. */
  places: z.array(
    z.object({
      environment: z.string(),
      release: z.string(),
      artifact: z.string(),
      base: z.string().nullable(),
      behind: z.boolean(),
    }),
  ),
});
export type PlacedComponentDto = z.infer<typeof placedSchema>;

export const baseImageSchema = z.object({
  key: z.string(),
  name: z.string(),
  registry: z.string(),
  repository: z.string(),
  tag: z.string(),
  /** `host/repository:tag` */
  reference: z.string(),
  parent: z.string().nullable(),
  digest: z.string().nullable(),
  lookedAt: z.string().nullable(),
  problem: baseProblemSchema.nullable(),
  version: z.number(),
  /** What it was built on itself; null without a parent, or where none of its versions fits. */
  builtOn: z.object({ digest: z.string(), current: z.boolean() }).nullable(),
  /** The latest first, the last twenty. */
  versions: z.array(versionSchema),
  /** Of projects that the reader may read; those that are behind first. */
  components: z.array(placedSchema),
  /** Components of other projects. */
  hidden: z.number(),
});
export type BaseImageDto = z.infer<typeof baseImageSchema>;
export const baseImageListSchema = z.object({
  items: z.array(baseImageSchema),
  nextCursor: z.string().nullable(),
});

const repository = z
  .string()
  .trim()
  .max(255)
  .regex(
    /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/,
    "a repository's path, without host and tag",
  );
const tag = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, "a tag");
export const createBaseImageSchema = z.object({
  key: keySchema,
  name: nameSchema,
  registry: keySchema,
  repository,
  tag,
  /** Key of the base that it is built on; null for a public one. */
  parent: keySchema.nullable(),
});
export const updateBaseImageSchema = z.object({
  version: z.int32(),
  name: nameSchema.optional(),
  repository: repository.optional(),
  tag: tag.optional(),
  parent: keySchema.nullable().optional(),
});
export const baseImageParams = z.object({ base: z.string().max(40) });

/** The release orders that a rebuild would raise. */
export const rebuildPreviewSchema = z.object({
  base: z.string(),
  reference: z.string(),
  digest: z.string().nullable(),
  projects: z.array(
    z.object({
      project: z.string(),
      projectName: z.string(),
      /** Whether the reader may raise release orders there; else they are left to those who may. */
      mayCreate: z.boolean(),
      components: z.array(placedSchema.pick({ component: true, componentName: true, source: true })),
    }),
  ),
  /** On their way already. */
  rebuilding: z.array(z.object({ project: z.string(), component: z.string(), release: z.string() })),
});
export type RebuildPreviewDto = z.infer<typeof rebuildPreviewSchema>;
export const rebuildSchema = z.object({
  /** The version that was read: another one since then is refused. */
  digest: z.string(),
  title: z.string().trim().min(1).max(200),
  /** Keys; left out: every project where the caller may. */
  projects: z.array(keySchema).max(500).optional(),
  /** Start the builds at once. */
  build: z.boolean().default(true),
});
export const rebuiltSchema = z.object({
  releases: z.array(z.object({ project: z.string(), release: z.string() })),
  refused: z.array(
    z.object({
      project: z.string(),
      code: z.string(),
      message: z.string(),
      blockers: z.array(blockerSchema),
    }),
  ),
});
export type RebuiltDto = z.infer<typeof rebuiltSchema>;
