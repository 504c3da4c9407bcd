import type { Actor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import { configVersionsSchema } from "./config-schema.ts";
import { readComponent } from "./queries.ts";
import type { RunningConfigDto } from "./running-schema.ts";

const snapshotSchema = configVersionsSchema.shape.items.element.shape.snapshot;

/**
 * With which configuration a component runs in each environment: that of the last successful deployment that carried
 * it. Environments where none did are left out; `config` is null for the defaults and for plans before any was saved.
 */
export async function runningConfigs(
  actor: Actor,
  projectKey: string,
  componentKey: string,
): Promise<RunningConfigDto[]> {
  const { project, component } = await readComponent(actor, projectKey, componentKey);
  const rows = await db.$queryRaw<
    { environmentId: string; environment: string; release: string; endedAt: Date; inputs: unknown }[]
  >`
    SELECT DISTINCT ON (d."environmentId") d."environmentId", e.key AS environment, r.number AS release, d."endedAt",
      p.inputs
    FROM "Deployment" d JOIN "Plan" p ON p.id = d."planId" JOIN "Release" r ON r.id = d."releaseId"
    JOIN "Environment" e ON e.id = d."environmentId"
    WHERE d."projectId" = ${project.id}::uuid AND d.state = 'succeeded'
      AND EXISTS (SELECT 1 FROM jsonb_array_elements(p.inputs->'components') c WHERE c->>'component' = ${component.key})
    ORDER BY d."environmentId", d."endedAt" DESC`;
  const found = rows.map((row) => {
    const inputs = planInputsSchema.parse(row.inputs);
    return {
      ...row,
      config: inputs.configs.find((config) => config.component === component.key) ?? null,
      template: inputs.templates.find((template) => template.component === component.key) ?? null,
      restored: inputs.sources.find((source) => source.component === component.key)?.release ?? null,
    };
  });
  const versions = await db.componentConfigVersion.findMany({
    where: {
      OR: found.map(({ environmentId, config }) => ({
        version: config?.version ?? 0,
        config: { componentId: component.id, environmentId },
      })),
    },
    select: { snapshot: true, config: { select: { environmentId: true } } },
  });
  return found.map(({ environmentId, environment, release, restored, endedAt, config, template }) => {
    const saved = versions.find((version) => version.config.environmentId === environmentId);
    return {
      environment,
      release: restored ?? release,
      deployedAt: endedAt.toISOString(),
      version: config?.version ?? 0,
      template: template && { id: template.templateId, name: template.name, version: template.version },
      config: saved ? snapshotSchema.parse(saved.snapshot) : null,
    };
  });
}
