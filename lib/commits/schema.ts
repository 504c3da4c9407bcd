import { z } from "zod";
import { artifactSchema } from "#lib/artifacts/schema.ts";
import { componentParams } from "#lib/components/schema.ts";
import { commitSchema } from "#lib/releases/schema.ts";

export const commitParams = componentParams.extend({
  /** As long as it takes to be the only one. */
  commit: z.string().regex(/^[0-9a-f]{7,64}$/i),
});
/** `builds`: frozen to this commit; `contains`: to a later one that has it. */
export const COMMIT_RELATIONS = ["builds", "contains"] as const;

/** All that a commit says of itself. */
const commitDetailSchema = commitSchema.extend({
  authorEmail: z.string(),
  committerName: z.string(),
  committerEmail: z.string(),
  committedAt: z.string(),
  /** What stands below the subject; empty where nothing does. At most 20,000 characters. */
  body: z.string(),
  /** Whether the body was longer. */
  bodyCut: z.boolean(),
  /** Full ids; several of a merge. */
  parents: z.array(z.string()),
  /** Whether a branch or tag leads there; null when the Git host did not answer, and this is what a copy says. */
  reachable: z.boolean().nullable(),
});
export type CommitDetailDto = z.infer<typeof commitDetailSchema>;

export const commitPageSchema = z.object({
  project: z.string(),
  projectName: z.string(),
  component: z.string(),
  componentName: z.string(),
  /** In full. */
  sha: z.string(),
  /** What the Git host says; null when it cannot be asked, or does not have it any more. */
  commit: commitDetailSchema.nullable(),
  /** Why the Git host said nothing. */
  problem: z.string().nullable(),
  /** The commit on its Git host's own pages, where these are known. */
  url: z.string().nullable(),
  /** What led to it, the newest first. */
  before: z.array(commitSchema),
  releases: z.array(
    z.object({
      number: z.string(),
      title: z.string(),
      state: z.string(),
      ref: z.string(),
      createdAt: z.string(),
      relation: z.enum(COMMIT_RELATIONS),
    }),
  ),
  builds: z.array(
    z.object({
      id: z.string(),
      attempt: z.number(),
      state: z.string(),
      release: z.string(),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
    }),
  ),
  artifacts: z.array(
    z.object({ id: z.string(), digest: z.string(), release: z.string(), createdAt: z.string() }),
  ),
  /** Where an image of it was deployed last. */
  runs: artifactSchema.shape.runs,
});
export type CommitPageDto = z.infer<typeof commitPageSchema>;
