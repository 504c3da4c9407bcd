import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type PlanInputs, type PlanManifests, planInputsSchema, planManifestsSchema } from "./content.ts";

type Content = { inputs: PlanInputs; manifests: PlanManifests };
const MOST = 50;
const kept = new Map<string, Content>();

/**
 * Inputs and manifests of a plan, parsed. The digest covers both, so that the row never says otherwise: they are read
 * once and the last plans' are kept. Nobody writes into them. @throws AppError NOT_FOUND
 */
export async function planContent(tx: Tx, id: string): Promise<Content> {
  const known = kept.get(id);
  if (known) return known;
  const row = await tx.plan.findUnique({ where: { id }, select: { inputs: true, manifests: true } });
  if (!row) throw new AppError("NOT_FOUND", "no such plan");
  const content = {
    inputs: planInputsSchema.parse(row.inputs),
    manifests: planManifestsSchema.parse(row.manifests),
  };
  kept.set(id, content);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  return content;
}
