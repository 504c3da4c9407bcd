import type { Manifest } from "#lib/adapters/ports.ts";
import type { PlanManifests } from "#lib/plans/content.ts";
import { withSecretValues } from "#lib/plans/secret-values.ts";
import type { CauseInput } from "../content.ts";
import type { Run } from "../run.ts";

/**
 * Fills the values of a Secret in at the last moment. Each must still be at the version that the plan names.
 * The filled manifest goes to the cluster and nowhere else.
 */
export async function fillSecret(
  run: Run,
  planned: PlanManifests["targets"][number]["objects"][number],
  manifest: Manifest,
): Promise<{ ok: true; manifest: Manifest } | { ok: false; cause: CauseInput }> {
  const place = { projectId: run.project.id, environmentId: run.environment.id };
  const filled = await withSecretValues(place, planned, manifest);
  if (filled.ok) return filled;
  const { name, planned: version, now } = filled;
  const facts = { component: planned.component, name, planned: version, now };
  const message = `secret ${name} of ${planned.component} is no longer at version ${version}`;
  return { ok: false, cause: { code: "SECRET_CHANGED", message, facts } };
}
