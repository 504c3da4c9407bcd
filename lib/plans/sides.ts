import { z } from "zod";
import type { Tx } from "#lib/db.ts";
import { smokeChecksSchema, strategySchema } from "#lib/strategies/schema.ts";
import type { RenderedFacts } from "./build.ts";
import type { PlanInputs } from "./content.ts";
import { type ConfigFacts, configFacts, configSelect, DEFAULT_CONFIG } from "./facts.ts";

/** Who saved something, and when. */
export type SetBy = { person: string | null; at: string | null };
const NOBODY: SetBy = { person: null, at: null };
/**
 * What a component was rendered from in one plan, read back from the record; null where the record lacks it.
 * `config` null: that version's snapshot is not kept.
 */
export type Side = {
  release: string;
  component: Omit<RenderedFacts, "config"> & { config: ConfigFacts | null };
  templateBy: SetBy;
  /** Saved versions of the config, the newest first, down from the plan's own. */
  configs: { version: number; config: ConfigFacts; by: SetBy }[];
};

const snapshotSchema = z.object({
  replicas: z.number(),
  cpuRequest: z.string(),
  cpuLimit: z.string(),
  memoryRequest: z.string(),
  memoryLimit: z.string(),
  variables: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.number()).default({}),
  strategy: strategySchema.default(DEFAULT_CONFIG.strategy),
  smokeChecks: smokeChecksSchema.default([]),
});
const VERSIONS = 200;
const person = { select: { displayName: true } };

/** Both sides of a comparison come from here: any plan's inputs, component by component. */
export async function sidesOf(
  tx: Tx,
  inputs: PlanInputs,
  place: { projectId: string; environmentId: string },
): Promise<Map<string, Side>> {
  const keys = inputs.images.map(({ component }) => component);
  const rows = await tx.component.findMany({
    where: { projectId: place.projectId, key: { in: keys } },
    select: {
      key: true,
      configs: {
        where: { environmentId: place.environmentId },
        select: {
          ...configSelect,
          versions: {
            orderBy: { version: "desc" },
            take: VERSIONS,
            select: { version: true, snapshot: true, createdAt: true, createdBy: person },
          },
        },
      },
    },
  });
  const templates = await tx.templateVersion.findMany({
    where: { OR: inputs.templates.map(({ templateId, version }) => ({ templateId, version })) },
    select: { templateId: true, version: true, body: true, createdAt: true, createdBy: person },
  });
  const sides = rows.flatMap(({ key, configs: [row] }): [string, Side][] => {
    const component = inputs.components.find((one) => one.component === key);
    const image = inputs.images.find((one) => one.component === key);
    if (!component || !image) return [];
    const wanted = inputs.configs.find((one) => one.component === key);
    const saved = (row?.versions ?? []).flatMap(({ version, snapshot, createdAt, createdBy }) => {
      const { data } = snapshotSchema.safeParse(snapshot);
      const by = { person: createdBy.displayName, at: createdAt.toISOString() };
      return data && version <= (wanted?.version ?? 0) ? [{ version, config: { version, ...data }, by }] : [];
    });
    const now = row && row.version === wanted?.version ? configFacts(row) : null;
    const then = saved.find(({ version }) => version === wanted?.version)?.config ?? null;
    const config = wanted?.version === 0 ? DEFAULT_CONFIG : (now ?? then);
    const named = inputs.templates.find((one) => one.component === key);
    const template = templates.find(
      (one) => one.templateId === named?.templateId && one.version === named.version,
    );
    const side: Side = {
      release: inputs.sources.find((one) => one.component === key)?.release ?? inputs.release,
      component: {
        key,
        name: component.name,
        kind: component.kind,
        port: component.port,
        image: { image: image.image, digest: image.digest },
        // Secrets are those that the plan used, whichever version the rest is of.
        config: config && { ...config, secrets: wanted?.secrets ?? {} },
        template:
          named && template
            ? { id: named.templateId, name: named.name, version: named.version, body: template.body }
            : null,
      },
      templateBy: template
        ? { person: template.createdBy.displayName, at: template.createdAt.toISOString() }
        : NOBODY,
      configs: saved,
    };
    return [[key, side]];
  });
  return new Map(sides);
}

/** Since which version of the config a value is what it is, and who saved it. Pure. */
export function introduced(side: Side, read: (config: ConfigFacts) => unknown) {
  const value = JSON.stringify(side.component.config && read(side.component.config));
  let since: { version: number | null } & SetBy = {
    version: side.component.config?.version ?? null,
    ...NOBODY,
  };
  for (const { version, config, by } of side.configs) {
    if (JSON.stringify(read(config)) !== value) break;
    since = { version, ...by };
  }
  return since;
}
