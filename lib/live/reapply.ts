import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { refuseIfBlocked, rightBlockers } from "#lib/deployments/decision.ts";
import { AppError } from "#lib/errors.ts";
import type { RollbackSource } from "#lib/plans/rollback.ts";
import type { PlanDto } from "#lib/plans/schema.ts";
import { computeRollback } from "#lib/plans/service.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { newestByComponent } from "./newest.ts";
import type { Place } from "./place.ts";
import { readLivePlace } from "./queries.ts";
import type { reapplySchema } from "./schema.ts";

/**
 * A plan that brings an environment back to what was deployed last: each component's manifests as its newest successful
 * deployment stored them. Nothing happens before it is deployed, with the rights and approvals of any other plan.
 * @throws AppError NOT_FOUND; FORBIDDEN; INVALID_STATE when none of the components was deployed there
 */
export async function reapplyDeployed(
  input: { actor: Actor } & Place & z.output<typeof reapplySchema>,
): Promise<PlanDto> {
  const { actor, components } = input;
  const { project, environment } = await readLivePlace(actor, input);
  refuseIfBlocked(rightBlockers(actor.rights, project.id, environment, await databaseTime(db)));
  const place = { projectId: project.id, environmentId: environment.id };
  const newest = await newestByComponent({ ...place, state: "succeeded" });
  const sources = [...newest]
    .filter(([component]) => components === undefined || components.includes(component))
    .map(
      ([component, { id, release }]): RollbackSource => ({
        component,
        deployment: id,
        release: release.number,
      }),
    )
    .sort((a, b) => (a.deployment < b.deployment ? 1 : a.deployment > b.deployment ? -1 : 0));
  const main = newest.get(sources[0]?.component ?? "");
  if (!main) {
    throw new AppError("INVALID_STATE", "none of this was deployed here", {
      blockers: [
        { code: "NOTHING_TO_RESTORE", message: "nothing was deployed here before", facts: {}, liftedBy: [] },
      ],
    });
  }
  return computeRollback({ actor, ...place, releaseId: main.release.id, sources, warnings: [] });
}
