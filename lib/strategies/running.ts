import { z } from "zod";
import type { Tx } from "#lib/db.ts";
import { manifestSchema } from "#lib/plans/content.ts";
import { COLOR_LABEL, COLORS, type Color } from "./labels.ts";
import type { Strategy } from "./schema.ts";
import { deploymentSpec, type Manifest } from "./shapes.ts";

/** What the last run that succeeded on a target put there for a component. */
export type Running = {
  targetId: string;
  component: string;
  /** Id of the deployment, and digest of its plan. */
  deployment: string;
  plan: string;
  manifests: Manifest[];
};

const rowsSchema = z.array(
  z.object({
    targetId: z.string(),
    component: z.string(),
    deployment: z.string(),
    plan: z.string(),
    manifests: z.array(manifestSchema),
  }),
);

/**
 * What runs of each component on each target, by the record alone: of a deployment that failed elsewhere the targets
 * that succeeded count. A component that never succeeded on a target is not in the answer. Where nothing but plain
 * Deployments is in play nobody needs to know, and the answer is empty.
 * @param input.exceptPlan a plan whose own deployments are left out: carrying it out does not change what it is
 */
export async function runningBefore(
  tx: Tx,
  input: {
    targets: readonly { id: string; inventory: readonly { ref: { kind: string; name: string } }[] }[];
    components: readonly { key: string; strategy: Pick<Strategy, "kind"> }[];
    exceptPlan?: string;
  },
): Promise<Running[]> {
  const told = input.components.some(({ strategy }) => ["canary", "blue_green"].includes(strategy.kind));
  const colors = input.targets.some(({ inventory }) =>
    inventory.some(
      ({ ref }) => ref.kind === "Deployment" && COLORS.some((color) => ref.name.endsWith(`-${color}`)),
    ),
  );
  if (!told && !colors) return [];
  return whatRuns(tx, {
    targetIds: input.targets.map(({ id }) => id),
    components: input.components.map(({ key }) => key),
    exceptPlan: input.exceptPlan,
  });
}

/** What the last run that succeeded on a target left of a component; see `runningBefore`. */
export async function whatRuns(
  tx: Tx,
  input: { targetIds: readonly string[]; components: readonly string[]; exceptPlan?: string },
): Promise<Running[]> {
  const rows = await tx.$queryRaw`
    SELECT target.id AS "targetId", component.key AS "component", last.*
    FROM unnest(${[...input.targetIds]}::uuid[]) AS target(id)
    CROSS JOIN unnest(${[...input.components]}::text[]) AS component(key)
    CROSS JOIN LATERAL (
      SELECT deployment.id AS deployment, plan.digest AS plan, jsonb_path_query_array(
        plan.manifests::jsonb,
        '$.targets[*] ? (@.targetId == $target).objects[*] ? (@.component == $component).manifest
          ? (@.kind == "Deployment" || @.kind == "Service" || @.kind == "HorizontalPodAutoscaler"
            || @.kind == "PodDisruptionBudget")',
        jsonb_build_object('target', target.id, 'component', component.key)
      ) AS manifests
      FROM "DeploymentTarget" run
      JOIN "Deployment" deployment ON deployment.id = run."deploymentId"
      JOIN "Plan" plan ON plan.id = deployment."planId"
      WHERE run."targetId" = target.id AND run.state = 'succeeded'
        AND plan.inputs -> 'images' @> jsonb_build_array(jsonb_build_object('component', component.key))
        AND plan.id IS DISTINCT FROM ${input.exceptPlan ?? null}::uuid
      ORDER BY deployment.id DESC
      LIMIT 1
    ) last`;
  return rowsSchema.parse(rows);
}

/** The colour that a component has where it runs; null for plain Deployments and for none. Pure. */
export function runningColor(running: Running | undefined): Color | null {
  const deployments = running?.manifests.filter((manifest) => deploymentSpec(manifest)) ?? [];
  return colorOf(deployments);
}

/** The colour that some of these Deployments bear. Pure. */
export function colorOf(manifests: readonly Manifest[]): Color | null {
  const labels = manifests
    .filter((manifest) => deploymentSpec(manifest))
    .map(({ metadata }) => metadata.labels?.[COLOR_LABEL]);
  return COLORS.find((color) => labels.includes(color)) ?? null;
}
