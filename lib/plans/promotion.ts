import type { Actor } from "#lib/access/actor.ts";
import { db, type Tx } from "#lib/db.ts";
import { askCopies } from "#lib/image-copies/ask.ts";
import { copyLost } from "#lib/image-copies/missing.ts";
import { DEPLOYABLE_STAGES } from "#lib/stages/state.ts";
import { transaction } from "#lib/transaction.ts";
import type { PlanInputs, PlanReview } from "./content.ts";
import type { EnvironmentFacts } from "./facts.ts";

/** Images come to an environment's registry once the release order has entered: not before it passed where it was. */
export async function askIfEntered(
  actor: Actor,
  stage: { releaseId: string; environmentId: string },
): Promise<void> {
  const entered = await db.stage.findFirst({
    where: { ...stage, state: { in: [...DEPLOYABLE_STAGES] } },
    select: { id: true },
  });
  if (entered) await transaction((tx) => askCopies(tx, { actor, ...stage }));
}

/** The review without images that the environment's registry has lost: they are copied again, and the gate tells of it. */
export async function withoutLost(
  tx: Tx,
  actor: Actor,
  input: { seen: PlanReview; environment: EnvironmentFacts; images: PlanInputs["images"] },
): Promise<PlanReview> {
  const { seen, environment, images } = input;
  const isLost = ({ code, facts }: PlanReview["blockers"][number], component: string) =>
    code === "IMAGE_MISSING" && facts.component === component;
  const lost = images.filter(({ component }) => seen.blockers.some((blocker) => isLost(blocker, component)));
  if (!environment.registry || lost.length === 0) return seen;
  const coming = await copyLost(tx, actor, { registry: environment.registry, images: lost });
  const stays = (facts: PlanReview["blockers"][number]["facts"]) => !coming.includes(String(facts.component));
  return {
    ...seen,
    blockers: seen.blockers.filter(({ code, facts }) => code !== "IMAGE_MISSING" || stays(facts)),
    checks: seen.checks.filter(({ code, facts }) => code !== "IMAGE_IN_REGISTRY" || stays(facts)),
  };
}
