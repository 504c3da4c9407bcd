import { z } from "zod";
import { releaseParams } from "#lib/releases/schema.ts";

export const stageParams = releaseParams.extend({ environment: z.string().max(40) });
/** What the caller looked at: the stage's version then; what moved since is not acted upon. Left out: as it is now. */
const seen = { version: z.int32().optional() };
export const seenStageSchema = z.object(seen);
export const verdictSchema = z
  .object({
    ...seen,
    verdict: z.enum(["pass", "reject"]),
    comment: z.string().trim().max(2000).default(""),
  })
  .refine(({ verdict, comment }) => verdict === "pass" || comment !== "", {
    error: "a rejection says why",
    path: ["comment"],
  });

export const enterAnswerSchema = z.object({
  release: z.string(),
  environment: z.string(),
  state: z.string(),
  /** The environment is held: the release waits for its turn. */
  queued: z.boolean(),
  /** Place in the queue, 1 is next; null when it did not queue. */
  position: z.number().nullable(),
});
export type EnterAnswer = z.infer<typeof enterAnswerSchema>;
export const stageAnswerSchema = z.object({
  release: z.string(),
  releaseState: z.string(),
  environment: z.string(),
  state: z.string(),
});
export type StageAnswer = z.infer<typeof stageAnswerSchema>;
