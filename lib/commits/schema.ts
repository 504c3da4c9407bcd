import { z } from "zod";
import { componentParams } from "#lib/components/schema.ts";
import { commitSchema } from "#lib/releases/schema.ts";

export const commitParams = componentParams.extend({
  /** As long as it takes to be the only one. */
  commit: z.string().regex(/^[0-9a-f]{7,64}$/i),
});
/** `builds`: frozen to this commit; `contains`: to a later one that has it. */
export const COMMIT_RELATIONS = ["builds", "contains"] as const;

export const commitPageSchema = z.object({
  project: z.string(),
  projectName: z.string(),
  component: z.string(),
  componentName: z.string(),
  /** In full. */
  sha: z.string(),
  /** What the Git host says; null when it cannot be asked, or does not have it any more. */
  commit: commitSchema.nullable(),
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
});
export type CommitPageDto = z.infer<typeof commitPageSchema>;
