import { z } from "zod";
import { canonicalJson } from "#lib/canonical-json.ts";
import { db } from "#lib/db.ts";
import { stepInputSchema } from "#lib/strategies/schema.ts";

/** Fewer tell nothing of what is usual. */
const LEAST = 3;
const MOST = 20;

const rowsSchema = z.array(
  z.object({ name: z.string().nullable(), input: stepInputSchema.nullable(), ms: z.number() }),
);
type StepKind = { name: string; input: z.infer<typeof stepInputSchema> };
const keyOf = ({ name, input }: StepKind): string => `${name} ${canonicalJson(input)}`;

export type Usual = {
  /** Of a whole deployment, milliseconds; null while too few are known. */
  wholeMs: number | null;
  /** Of a step that does the same, milliseconds. How long a person takes to agree is no measure: null. */
  ofStep: (step: StepKind) => number | null;
};

/**
 * How long things usually take in an environment of a project: medians over its last successful deployments (at most
 * twenty) before the deployment `before`, so that what a page says of an old one stays true. One query.
 */
export async function usualTimes(of: {
  projectId: string;
  environmentId: string;
  before: string;
}): Promise<Usual> {
  const rows = await db.$queryRaw`
    WITH last AS (
      SELECT id, "startedAt", "endedAt" FROM "Deployment"
      WHERE "projectId" = ${of.projectId}::uuid AND "environmentId" = ${of.environmentId}::uuid
        AND id < ${of.before}::uuid AND state = 'succeeded' AND "startedAt" IS NOT NULL AND "endedAt" IS NOT NULL
      ORDER BY id DESC LIMIT ${MOST}
    ), took AS (
      SELECT id, NULL AS name, NULL::jsonb AS input, "endedAt" - "startedAt" AS length FROM last
      UNION ALL
      SELECT last.id, step.name, step.input, step."endedAt" - step."startedAt"
      FROM last JOIN "DeploymentTarget" run ON run."deploymentId" = last.id
      JOIN "DeploymentStep" step ON step."deploymentTargetId" = run.id
      WHERE step.state = 'succeeded' AND step."startedAt" IS NOT NULL AND step."endedAt" IS NOT NULL
    )
    SELECT name, input,
      round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM length) * 1000))::float8 AS ms
    FROM took GROUP BY name, input HAVING count(DISTINCT id) >= ${LEAST}`;
  const usual = rowsSchema.parse(rows);
  const steps = new Map(
    usual.flatMap(({ name, input, ms }) =>
      name === null ? [] : [[keyOf({ name, input: input ?? {} }), ms] as const],
    ),
  );
  return {
    wholeMs: usual.find(({ name }) => name === null)?.ms ?? null,
    ofStep: (step) => (step.input.wait?.kind === "person" ? null : (steps.get(keyOf(step)) ?? null)),
  };
}
