import { z } from "zod";
import { conflictKey } from "./choices.ts";
import { type ConflictChoice, conflictChoiceSchema } from "./content.ts";

const sideSchema = z.object({ choices: z.array(conflictChoiceSchema) });
/** An audit entry of a decision about fields of others: who, when, for which plan, and the whole list before and after. */
export const decisionEntrySchema = z.object({
  actorName: z.string(),
  at: z.date(),
  subjectId: z.string(),
  data: z.object({ before: sideSchema, after: sideSchema }),
});
type Decision = z.infer<typeof decisionEntrySchema>;
export type DecidedChoice = ConflictChoice & {
  /** User name; null where no entry says so. */
  decidedBy: string | null;
  decidedAt: string | null;
  /** Digest of the plan that the decision made; later plans of the stage carry it on. */
  decidedFor: string | null;
};

/**
 * Who decided each choice and when: the newest entry that brought it in. Pure.
 * @param entries of the plan's stage, newest first
 */
export function decidedBy(choices: readonly ConflictChoice[], entries: readonly Decision[]): DecidedChoice[] {
  return choices.map((choice) => {
    const says = (side: { choices: ConflictChoice[] }) =>
      side.choices.some((one) => one.choice === choice.choice && conflictKey(one) === conflictKey(choice));
    const entry = entries.find(({ data }) => says(data.after) && !says(data.before));
    return {
      ...choice,
      decidedBy: entry?.actorName ?? null,
      decidedAt: entry?.at.toISOString() ?? null,
      decidedFor: entry?.subjectId ?? null,
    };
  });
}
