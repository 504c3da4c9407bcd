import { canonicalJson } from "#lib/canonical-json.ts";
import { sha256 } from "#lib/crypto.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type BuiltPlan, buildPlan } from "./build.ts";
import {
  type ConflictChoice,
  type PlanInputs,
  type PlanManifests,
  planInputsSchema,
  planManifestsSchema,
} from "./content.ts";
import type { PlanFacts } from "./facts.ts";

/** Drops the oldest entries beyond the most that are kept. */
function bound(entries: Map<string, unknown>, most: number): void {
  const [oldest] = entries.keys();
  if (entries.size > most && oldest !== undefined) entries.delete(oldest);
}

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
  bound(kept, MOST);
  return content;
}

const built = new Map<string, BuiltPlan>();

/**
 * What `buildPlan` makes of the same facts, made once: it depends on nothing else, and whether a plan still stands is
 * asked at every decision. What could not be made in full is tried anew. Nobody writes into the answer.
 */
export async function keptBuild(facts: PlanFacts, choices: readonly ConflictChoice[]): Promise<BuiltPlan> {
  const key = sha256(canonicalJson({ facts, choices }));
  const known = built.get(key);
  if (known) return known;
  const plan = await buildPlan(facts, choices);
  if (plan.blockers.length > 0) return plan;
  built.set(key, plan);
  bound(built, MOST);
  return plan;
}
